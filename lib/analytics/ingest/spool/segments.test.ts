import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Segments } from '@/lib/analytics/ingest/spool/segments'
import { seed } from '@/scripts/test/random-sets'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-spool-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const first = () => join(folder, '00000001.ndjson')
const texts = (segments: Segments) =>
  segments.read(segments.start, 1e9).map(({ text, whole }) => (whole ? text : null))

it('keeps lines in their order, over any number of appends', async () => {
  const segments = new Segments(folder)
  await segments.append(['a', 'b'])
  await segments.append(['ü\\n', ''])
  expect(texts(segments)).toEqual(['a', 'b', 'ü\\n', ''])
  expect(texts(new Segments(folder))).toEqual(['a', 'b', 'ü\\n', ''])
})

it('loses no line that was acknowledged, wherever a crash cuts the next one', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string(), { maxLength: 8 }),
      fc.string({ minLength: 1 }),
      fc.nat(),
      async (kept, torn, cut) => {
        rmSync(first(), { force: true })
        const segments = new Segments(folder)
        if (kept.length > 0) await segments.append(kept)
        const { offset } = segments.end
        await segments.append([torn])
        await segments.close()
        truncateSync(first(), offset + (cut % (statSync(first()).size - offset)))
        const opened = new Segments(folder)
        expect(texts(opened)).toEqual(kept)
        await opened.append(['next'])
        expect(texts(opened)).toEqual([...kept, 'next'])
        await opened.close()
      },
    ),
    { numRuns: 100, seed },
  )
})

it('tells a line that was changed, and goes on behind it', async () => {
  const segments = new Segments(folder)
  await segments.append(['one', 'two', 'three'])
  writeFileSync(first(), readFileSync(first(), 'utf8').replace('two', 'twö'))
  expect(texts(new Segments(folder))).toEqual(['one', null, 'three'])
})

it('begins a new file beyond 16 MB, reads across, and deletes what is done with', async () => {
  const segments = new Segments(folder)
  const big = 'x'.repeat(9_000_000)
  for (const text of ['1', '2', '3']) await segments.append([text + big])
  expect(readdirSync(folder)).toHaveLength(2)
  const read: string[] = []
  for (let at = segments.start; ; ) {
    const lines = segments.read(at, 1)
    const end = lines.at(-1)?.end
    if (!end) break
    read.push(...lines.map(({ text }) => text[0] ?? ''))
    at = end
    segments.deleteBefore(at)
  }
  expect(read).toEqual(['1', '2', '3'])
  expect(readdirSync(folder)).toHaveLength(1)
  const next = segments.clear()
  expect(readdirSync(folder)).toEqual([])
  await segments.append(['4'])
  expect(segments.read(next, 1).map(({ text }) => text)).toEqual(['4'])
})

it('takes garbage at the end for a line that was torn', async () => {
  const segments = new Segments(folder)
  await segments.append(['one'])
  appendFileSync(first(), '\0\0\0\0\n\0\0')
  expect(texts(new Segments(folder))).toEqual(['one'])
})
