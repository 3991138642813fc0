import { readdirSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { walkArchive } from '@/lib/recovery/backups/archive'
import { pgBackRestProvider } from '@/lib/recovery/backups/pgbackrest'
import type { Provider, StoredBackup } from '@/lib/recovery/backups/provider'
import { eventually } from '@/scripts/cluster/testing'
import { havePackages } from './packages'
import { biggest } from './pgbackrest-files'
import { loadRows, startWriter, untilArchived, WAIT_MS } from './pgbackrest-load'
import { type BackupRig, pgBackRestRig, STANZA } from './pgbackrest-rig'
import { descendants, kill } from './process'

describe.skipIf(!havePackages())('faults of backups by pgBackRest', () => {
  let rig: BackupRig
  let provider: Provider
  let writer: { stop(): Promise<number[]> }
  let full: StoredBackup
  let increment: StoredBackup
  const never = new AbortController().signal
  const quiet = () => {}

  beforeAll(async () => {
    rig = await pgBackRestRig()
    provider = pgBackRestProvider(rig.settings)
    await loadRows(rig)
    writer = startWriter(rig.sql)
    full = await provider.backUp('full', quiet, never)
    increment = await provider.backUp('incremental', quiet, never)
    await untilArchived(rig, provider, [1, 2])
  })

  afterAll(async () => {
    await writer?.stop()
    await rig?.stop()
  })

  it('says which backup has a byte that was flipped, and none other', async () => {
    const path = biggest(join(rig.repositories[0], 'backup', STANZA, increment.id))
    const sound = readFileSync(path)
    const bad = Buffer.from(sound)
    bad[bad.length >> 1] = (bad[bad.length >> 1] ?? 0) ^ 1
    writeFileSync(path, bad)
    const found = await provider.verify(1, quiet, never)
    writeFileSync(path, sound)
    expect(found.get(full.id)).toEqual([])
    expect(found.get(increment.id)?.[0]?.what).toContain(`Backup ${increment.id} has`)
    expect(found.get(increment.id)?.[0]?.action).toContain('full backup')
    expect([...(await provider.verify(1, quiet, never)).values()].flat()).toEqual([])
  })

  it('says which backup has a manifest that was cut off', async () => {
    const folder = join(rig.repositories[0], 'backup', STANZA, increment.id)
    const paths = ['backup.manifest', 'backup.manifest.copy'].map((name) => join(folder, name))
    const sound = paths.map((path) => readFileSync(path))
    for (const path of paths) truncateSync(path, 1_000)
    const found = await provider.verify(1, quiet, never)
    for (const [index, path] of paths.entries()) writeFileSync(path, sound[index] as Buffer)
    expect(found.get(increment.id)?.[0]?.what).toContain('manifest cannot be read')
    expect(found.get(full.id)).toEqual([])
  })

  it('no longer lists WAL that was deleted, which verify does not miss', async () => {
    const inventory = await provider.take(1)
    const { files } = walkArchive(full, inventory)
    const name = files.at(2)?.name ?? ''
    const folder = join(rig.repositories[0], 'archive', STANZA, '15-1', name.slice(0, 16))
    const file = join(folder, readdirSync(folder).find((one) => one.startsWith(`${name}-`)) ?? '')
    renameSync(file, join(rig.repositories[0], 'aside'))
    const without = await provider.take(1)
    const found = await provider.verify(1, quiet, never)
    renameSync(join(rig.repositories[0], 'aside'), file)
    expect([...found.values()].flat()).toEqual([])
    expect(without.wal.some((one) => one.name === name)).toBe(false)
    expect(walkArchive(full, without).gaps).toEqual([{ timeline: 1, from: name, to: name, segments: 1 }])
  })

  it('says what to do about a wrong key, whatever is asked', async () => {
    const wrong = pgBackRestProvider(rig.changed('repo1-cipher-pass=the first', 'repo1-cipher-pass=another'))
    const line = /^[^\n]*repo1-cipher-pass is not what the repository was made with[^\n]*$/
    await expect(wrong.take(1)).rejects.toThrow(line)
    await expect(wrong.verify(1, quiet, never)).rejects.toThrow(line)
    await expect(wrong.backUp('full', quiet, never)).rejects.toThrow(line)
    await expect(wrong.expire(1, 1)).rejects.toThrow(line)
    expect((await provider.take(1)).backups).toHaveLength(2)
  })

  it('says what to do where pgBackRest is not, or has no such stanza', async () => {
    const other = (change: object) => pgBackRestProvider({ ...rig.settings, ...change }).take(1)
    await expect(other({ binary: '/nowhere/pgbackrest' })).rejects.toThrow('Install pgBackRest')
    await expect(other({ stanza: 'other' })).rejects.toThrow('does not have the stanza')
    await expect(other({ config: '/nowhere.conf' })).rejects.toThrow('/nowhere.conf')
  })

  it('never lists a backup that was killed, and the next one works', async () => {
    const slow = pgBackRestProvider(
      rig.changed('compress-type=zst\ncompress-level=3', 'compress-type=gz\ncompress-level=6'),
    )
    const kept = (await provider.take(1)).backups.map(({ id }) => id)
    const folders = () =>
      readdirSync(join(rig.repositories[0], 'backup', STANZA)).filter((name) => /^\d/.test(name))
    const going = slow.backUp('full', quiet, never).catch((error: Error) => error.message)
    await eventually('it has begun to copy', async () => folders().length > kept.length, WAIT_MS)
    const main = descendants(process.pid).find((pid) => {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      return words.includes('backup') && words.includes('--type=full')
    })
    kill(main ?? 0, 'SIGKILL')
    expect(await going).toContain('was killed')
    expect((await provider.take(1)).backups.map(({ id }) => id)).toEqual(kept)
    const found = await provider.verify(1, quiet, never)
    expect([...found.keys()]).toEqual(['archive', ...kept])
    expect([...found.values()].flat()).toEqual([])
    const next = await provider.backUp('full', quiet, never)
    expect((await provider.take(1)).backups.map(({ id }) => id)).toEqual([...kept, next.id])
  })

  it('ends a backup that is no longer wanted, and gives its lock back', async () => {
    const abort = new AbortController()
    const kept = (await provider.take(1)).backups.length
    const going = provider.backUp('full', quiet, abort.signal)
    await sleep(500)
    abort.abort(new Error('no longer wanted'))
    await expect(going).rejects.toThrow('no longer wanted')
    expect((await provider.take(1)).backups).toHaveLength(kept)
  })

  it('backs up into the first repository while the second is away, which is caught up after', async () => {
    const [, second] = rig.repositories
    renameSync(second, `${second}.away`)
    let made: StoredBackup
    try {
      made = await provider.backUp('full', quiet, never)
      expect(made.problems).toEqual([])
      await expect(provider.take(2)).rejects.toThrow('Repository 2 does not have the stanza')
      await expect(provider.replicate(quiet, never)).rejects.toThrow('Repository 2')
      // WAL goes on into the first.
      await untilArchived(rig, provider, [1])
    } finally {
      renameSync(`${second}.away`, second)
    }
    const { backups } = await provider.take(1)
    expect(backups.at(-1)?.id).toBe(made.id)
    expect(await provider.replicate(quiet, never)).toMatch(/^full backup \S+ was made in repository 2$/)
    expect(await provider.replicate(quiet, never)).toBe('nothing was missing there')
    await untilArchived(rig, provider, [1, 2])
    const inventory = await provider.take(2)
    for (const backup of inventory.backups) expect(walkArchive(backup, inventory).gaps).toEqual([])
  })
})
