import { renameSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseLsn, walkArchive } from '@/lib/recovery/backups/archive'
import { pgBackRestProvider } from '@/lib/recovery/backups/pgbackrest'
import type { Provider, StoredBackup } from '@/lib/recovery/backups/provider'
import type { Target } from '@/lib/recovery/restore/contract'
import { eventually } from '@/scripts/cluster/testing'
import { measured } from '@/scripts/test/measured'
import { havePackages } from './packages'
import { loadRows, ROWS, startWriter, untilArchived, WAIT_MS } from './pgbackrest-load'
import { type BackupRig, pgBackRestRig } from './pgbackrest-rig'

const MISTAKEN = 50_000
/** The restore point that stands between the second before and the mistake. */
const POINT = 'before-the-mistake'

describe.skipIf(!havePackages())('backups by pgBackRest', () => {
  let rig: BackupRig
  let provider: Provider
  let writer: { stop(): Promise<number[]> }
  let full: StoredBackup
  let increment: StoredBackup
  /** A second before the mistake. */
  let before: string
  /** Ids that were acknowledged until then. */
  let acknowledged: number[]
  const never = new AbortController().signal
  const quiet = () => {}

  beforeAll(async () => {
    rig = await pgBackRestRig()
    provider = pgBackRestProvider(rig.settings)
    await loadRows(rig)
    writer = startWriter(rig.sql)
  })

  afterAll(async () => {
    await writer?.stop()
    await rig?.stop()
  })

  it('knows its repositories, which hold nothing yet', async () => {
    expect(provider.repositories).toEqual(
      rig.repositories.map((location, index) => ({ number: index + 1, location })),
    )
    const { backups, problems } = await provider.take(1)
    expect(backups).toEqual([])
    expect(problems[0]?.what).toContain('no backup yet')
  })

  it('makes a full and an incremental backup in both, while rows are written', async () => {
    const seen: [number, number | null][] = []
    full = await provider.backUp('full', (...one) => seen.push(one), never)
    expect(full).toMatchObject({ kind: 'full', base: null, timeline: 1, problems: [] })
    const [done, total] = seen.at(-1) ?? [0, 0]
    expect(done).toBe(total)
    expect(seen.every(([now], index) => now >= (seen[index - 1]?.[0] ?? 0))).toBe(true)
    increment = await provider.backUp('incremental', quiet, never)
    expect(increment).toMatchObject({ kind: 'incremental', base: full.id })
    for (const repository of [1, 2]) {
      const inventory = await provider.take(repository)
      expect(inventory.backups.map(({ kind }) => kind)).toEqual(['full', 'incremental'])
      expect(inventory).toMatchObject({ segmentBytes: 16 * 2 ** 20, problems: [] })
      for (const backup of inventory.backups) expect(walkArchive(backup, inventory).gaps).toEqual([])
    }
    expect(await provider.replicate(quiet, never)).toBe('nothing was missing there')
  })

  it('keeps what the tables held with a backup, in each repository', async () => {
    const [second] = (await provider.take(2)).backups.slice(-1)
    const record = {
      name: 'point',
      lsn: (second?.stopLsn ?? 0) + 1,
      timeline: 1,
      at: new Date().toISOString(),
      snapshot: '1:1:',
      tables: [{ table: 'records', rows: ROWS, hash: 'it\'s 100% = a "text"' }],
    }
    await provider.keepRecord(increment.id, record)
    expect(await provider.readRecord(1, increment.id)).toEqual(record)
    expect(await provider.readRecord(2, second?.id ?? '')).toEqual(record)
    expect(await provider.readRecord(1, full.id)).toBeNull()
    await expect(provider.keepRecord('nothing', record)).rejects.toThrow('no repository has it')
  })

  it('finds all sound', async () => {
    for (const repository of [1, 2]) {
      const found = await provider.verify(repository, quiet, never)
      expect(found.size).toBe(3)
      expect([...found.values()].flat()).toEqual([])
    }
  })

  it('has the rows in the archive that are deleted by mistake', async () => {
    await sleep(1_000)
    const [{ at = '' } = {}] = await rig.sql<{ at: string }[]>`
      select to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at`
    before = at
    const [{ ids } = { ids: [] }] = await rig.sql<{ ids: string[] }[]>`
      select coalesce(array_agg(id::text), '{}') as ids from records where id > ${ROWS}`
    acknowledged = ids.map(Number)
    await rig.sql`select pg_create_restore_point(${POINT})`
    await sleep(1_000)
    await rig.sql`delete from records where id <= ${MISTAKEN}`
    await sleep(500)
    expect(acknowledged.length).toBeGreaterThan(100)
    await untilArchived(rig, provider, [1, 2])
  })

  it('brings the rows back as they were the second before, from the first repository', async () => {
    await restoreBefore(1)
  })

  it('brings the rows back from the second repository, with the first one gone', async () => {
    renameSync(rig.repositories[0], `${rig.repositories[0]}.gone`)
    try {
      await expect(provider.take(1)).rejects.toThrow('it is away, or it was never made: See that')
      await restoreBefore(2)
    } finally {
      renameSync(`${rig.repositories[0]}.gone`, rig.repositories[0])
    }
  })

  it('stands still at a restore point', async () => {
    await restored(2, { kind: 'name', name: POINT }, await newestBefore(2), async (sql) => {
      await untilPaused(sql)
      const [found] = await sql`select count(*)::int as rows from records where id <= ${ROWS}`
      expect(found?.rows).toBe(ROWS)
    })
  })

  it('stands still at the end of the archive when the latest is wanted, and takes no writes', async () => {
    await untilArchived(rig, provider, [1, 2])
    const { reach } = walkArchive(increment, await provider.take(1))
    await restored(1, { kind: 'latest' }, increment, async (sql) => {
      await eventually(
        'all is replayed',
        async () => {
          const [{ lsn } = { lsn: null }] = await sql`select pg_last_wal_replay_lsn()::text as lsn`
          return lsn !== null && parseLsn(lsn) >= reach - 16 * 2 ** 20 + 100
        },
        WAIT_MS,
      )
      const [{ left, recovering } = {}] = await sql`
        select (select count(*)::int from records where id <= ${MISTAKEN}) as left, pg_is_in_recovery() as recovering`
      expect({ left, recovering }).toEqual({ left: 0, recovering: true })
    })
  })

  it('removes what neither the count nor the window needs, and nothing else', async () => {
    const newest = await provider.backUp('full', quiet, never)
    expect(await provider.expire(1, 1)).toBe('nothing from repository 1, nothing from repository 2')
    expect((await provider.take(1)).backups).toHaveLength(3)
    // A window of nothing: the newest full backup ended before it, once the second that is told of its end is over.
    await sleep(1_500)
    expect(await provider.expire(1, 0)).toBe(
      '2 backups and their WAL from repository 1, 2 backups and their WAL from repository 2',
    )
    const left = await provider.take(1)
    expect(left.backups).toEqual([newest])
    expect(left.wal.every(({ name }) => name >= (walkArchive(newest, left).files[0]?.name ?? ''))).toBe(true)
    expect(walkArchive(newest, left).gaps).toEqual([])
  })

  async function newestBefore(repository: number): Promise<StoredBackup> {
    const { backups } = await provider.take(repository)
    return backups.findLast(({ endedAt }) => endedAt < before) as StoredBackup
  }

  const untilPaused = (sql: BackupRig['sql']) =>
    eventually(
      'it stands still',
      async () => {
        const [{ state } = {}] = await sql`select pg_get_wal_replay_pause_state() as state`
        return state === 'paused'
      },
      WAIT_MS,
    )

  async function restoreBefore(repository: number): Promise<void> {
    await restored(repository, { kind: 'time', at: before }, await newestBefore(repository), async (sql) => {
      await untilPaused(sql)
      const [found] = await sql`
        select pg_is_in_recovery() as recovering,
          pg_last_xact_replay_timestamp() <= ${before}::text::timestamptz as reached,
          (select count(*)::int from records where id <= ${ROWS}) as rows,
          (select coalesce(array_agg(id::text), '{}') from records where id > ${ROWS}) as ids`
      expect(found).toMatchObject({ recovering: true, reached: true, rows: ROWS })
      const there = new Set(((found?.ids ?? []) as string[]).map(Number))
      expect(acknowledged.filter((id) => !there.has(id))).toEqual([])
      await expect(sql`insert into records values (0, '')`).rejects.toMatchObject({ code: '25006' })
    })
  }

  /** Restores, starts a server on it with no more than the settings that came back, and asks it. */
  async function restored(
    repository: number,
    target: Target,
    backup: StoredBackup,
    ask: (sql: BackupRig['sql']) => Promise<void>,
  ): Promise<void> {
    const started = performance.now()
    const folder = rig.makeFolder(`restored-${repository}-${target.kind}`)
    const order = { repository, backup, target, folder, upTo: null, along: 1 }
    const settings = await provider.restore(order, quiet, never)
    const restoredAfter = performance.now() - started
    const server = rig.start(folder, settings)
    try {
      await eventually(
        'it answers',
        async () => (await server.sql`select 1`.catch(() => null)) !== null,
        WAIT_MS,
      )
      await ask(server.sql)
    } finally {
      await server.stop()
    }
    const seconds = (ms: number) => (ms / 1000).toFixed(1)
    measured(
      `pgBackRest, repository ${repository}, to ${target.kind}`,
      `restored in ${seconds(restoredAfter)} s, there and asked in ${seconds(performance.now() - started)} s`,
    )
  }
})
