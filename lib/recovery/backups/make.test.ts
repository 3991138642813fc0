import { expect, test } from 'vitest'
import type { Backup } from '@/lib/recovery/backups/contract'
import { findDamagedBase } from '@/lib/recovery/backups/make'

/** Backups as `kind base state`, oldest first; their ids are their places. */
const backups = (repository: number, ...all: [Backup['kind'], string | null, Backup['state']][]): Backup[] =>
  all.map(
    ([kind, base, state], index) =>
      ({
        id: String(index),
        repository,
        kind,
        base,
        state,
        endedAt: new Date(index * 1_000).toISOString(),
      }) as Backup,
  )

test('a full backup builds upon nothing, and so does the first', () => {
  expect(findDamagedBase('full', backups(1, ['full', null, 'damaged']))).toBeUndefined()
  expect(findDamagedBase('incremental', [])).toBeUndefined()
})

test('an incremental builds upon the newest of each repository and on what that builds upon', () => {
  const sound = backups(1, ['full', null, 'complete'], ['incremental', '0', 'complete'])
  expect(findDamagedBase('incremental', sound)).toBeUndefined()
  const below = backups(2, ['full', null, 'damaged'], ['incremental', '0', 'complete'])
  expect(findDamagedBase('incremental', [...sound, ...below])).toMatchObject({ id: '0', repository: 2 })
  const newest = backups(1, ['full', null, 'complete'], ['incremental', '0', 'damaged'])
  expect(findDamagedBase('incremental', newest)).toMatchObject({ id: '1' })
})

test('a differential builds upon the newest full one, and what is older does not matter', () => {
  const newest = backups(1, ['full', null, 'complete'], ['incremental', '0', 'damaged'])
  expect(findDamagedBase('differential', newest)).toBeUndefined()
  const older = backups(
    1,
    ['full', null, 'damaged'],
    ['incremental', '0', 'damaged'],
    ['full', null, 'complete'],
  )
  expect(findDamagedBase('incremental', older)).toBeUndefined()
})
