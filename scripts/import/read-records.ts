import { recordKind } from '@/lib/analytics/recording/contract'
import { ImportError } from './fail'
import { splitLines } from './lines'

export interface RecordCounts {
  lines: number
  /** What the last line said; none until it came. */
  expected: number | undefined
}

/** Whether a line is a record, as `npm run export` writes them. */
export function isRecord(line: string): boolean {
  const kind = kindOf(line)
  return kind === 'end' || recordKind.safeParse(kind).success
}

function kindOf(line: string): unknown {
  if (!line.startsWith('{')) return undefined
  try {
    return (JSON.parse(line) as { kind?: unknown }).kind
  } catch {
    return undefined
  }
}

/**
 * Reads an export of Holdfast's: each record as the JSON that it stands there as, since a number may have more digits than
 * JavaScript holds.
 *
 * @throws ImportError where a line is no record
 */
export function readRecords(source: AsyncIterable<Uint8Array>) {
  const counts: RecordCounts = { lines: 0, expected: undefined }
  async function* read(): AsyncGenerator<string> {
    for await (const lines of splitLines(source)) {
      for (const bytes of lines) {
        const line = bytes.toString('utf8')
        if (line === '') continue
        if (!isRecord(line)) throw new ImportError(`line ${counts.lines + 1} is no record of an export`)
        if (kindOf(line) === 'end') {
          counts.expected = Number((JSON.parse(line) as { records?: unknown }).records)
          continue
        }
        counts.lines += 1
        yield line
      }
    }
  }
  return { counts, records: read() }
}
