import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { explain } from './failures'
import { historyBody } from './patroni'

const folder = mkdtempSync(join(tmpdir(), 'holdfast-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('history: the timelines that ended, with the end in bytes', () => {
  expect(historyBody(folder, {})).toEqual([])
  const wal = join(folder, 'pg_wal')
  mkdirSync(wal)
  writeFileSync(join(wal, '00000002.history'), '1\t0/3000148\tno recovery target specified\n')
  writeFileSync(
    join(wal, '00000003.history'),
    '1\t0/3000148\tno recovery target specified\n\n2\t1/A0\tbefore 2026-01-01 00:00:00+00\n',
  )
  expect(historyBody(folder, {})).toEqual([
    [1, 0x3000148, 'no recovery target specified', expect.stringMatching(/^\d{4}-.*Z$/)],
    [2, 2 ** 32 + 0xa0, 'before 2026-01-01 00:00:00+00', expect.stringMatching(/^\d{4}-.*Z$/)],
  ])
})

test('history: of timelines before the member was made there is no time', () => {
  const made = join(folder, 'made')
  mkdirSync(join(made, 'pg_wal'), { recursive: true })
  writeFileSync(join(made, 'pg_wal', '00000003.history'), '1\t0/10\tfirst\n\n2\t0/20\tsecond\n')
  expect(historyBody(made, { 1: 'b', 2: 'a' })).toEqual([
    [1, 0x10, 'first'],
    [2, 0x20, 'second', expect.stringMatching(/Z$/), 'a'],
  ])
})

test('explain: one line, and a full disk by its name', () => {
  const log = '2026-01-01 UTC [1] LOG:  starting\n2026-01-01 UTC [1] FATAL:  lock file "x" exists\nHINT: …'
  expect(explain('It failed', log, folder)).toBe('It failed: FATAL:  lock file "x" exists')
  const full = 'FATAL: could not write to file "pg_wal/x": No space left on device'
  expect(explain('It failed', full, folder)).toContain('is full. Make room')
  expect(explain('It failed', '', folder)).toBe('It failed: it gave no reason')
})
