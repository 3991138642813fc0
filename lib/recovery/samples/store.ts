import { appendFileSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { env } from '@/lib/env'
import { recoveryFolder } from '@/lib/recovery/folder'
import type { Member } from '@/lib/recovery/replication/contract'

/** One member at one moment, or the worst of a minute. Times in milliseconds. */
export interface MemberSample {
  name: string
  role: Member['role']
  healthy: boolean
  lagBytes: number | null
  replayMs: number | null
}

export interface Sample {
  /** Milliseconds since 1970. */
  at: number
  members: MemberSample[]
}

/** `seconds`: each sample, a file an hour; `minutes`: the worst of each minute, a file a day. */
export type Detail = 'seconds' | 'minutes'

const FILE_MS: Record<Detail, number> = { seconds: 3_600_000, minutes: 86_400_000 }
const KEPT_MS = 7 * 86_400_000

const folder = (): string => recoveryFolder('samples')
const placeOf = (detail: Detail, at: number): number => Math.floor(at / FILE_MS[detail])
const fileOf = (detail: Detail, place: number): string => join(folder(), `${detail}-${place}.ndjson`)

/**
 * Appends one. It is not forced to disk: a crash of the machine may lose the last seconds of a picture, and nothing else
 * rests on them.
 *
 * @throws Error when the disk is full
 */
export function appendSample(detail: Detail, sample: Sample): void {
  const file = fileOf(detail, placeOf(detail, sample.at))
  appendFileSync(file, `${JSON.stringify(sample)}\n`, { mode: 0o600 })
}

/** Those of a time, in the order in which they were kept. What a crash left half written is passed over. */
export function readSamples(detail: Detail, from: number, to: number): Sample[] {
  if (!env().HOLDFAST_DATA_DIR) return []
  const samples: Sample[] = []
  for (let place = placeOf(detail, from); place <= placeOf(detail, to); place += 1)
    samples.push(...readLines(fileOf(detail, place)).filter(({ at }) => at >= from && at < to))
  return samples
}

/** Deletes the files whose newest sample is older than 7 days. */
export function dropOldSamples(now: number): void {
  for (const name of readdirSync(folder())) {
    const [, detail, place] = /^(seconds|minutes)-(\d+)\.ndjson$/.exec(name) ?? []
    if (detail && (Number(place) + 1) * FILE_MS[detail as Detail] < now - KEPT_MS)
      rmSync(join(folder(), name), { force: true })
  }
}

function readLines(path: string): Sample[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return []
  }
  return text.split('\n').flatMap((line) => {
    try {
      return line ? [JSON.parse(line) as Sample] : []
    } catch {
      return []
    }
  })
}
