import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRollupDelay } from '@/db/queries/analytics/rollups/read-delay'
import { countFailed } from '@/lib/analytics/ingest/failures'
import { readIngestState, reportIngest } from '@/lib/analytics/ingest/report'
import { followLeader } from '@/lib/database'
import { advanceRollups } from '@/lib/jobs/advance-rollups'
import { maintainPartitions } from '@/lib/jobs/maintain-partitions'
import { readJournal } from '@/lib/recovery/journal/file'
import { eventually } from '@/scripts/cluster/testing'
import { caller as callerOf } from '@/scripts/test/caller'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'
import { type DatabaseProxy, openProxy } from '@/scripts/test/proxy'
import { keepChannel, readChannels } from './channels/service'
import { readFacts } from './facts'
import { knownAlerts } from './memory'
import { lookAt } from './round'
import { changeThresholds, readAlerts, readFiringAlerts, restoreThresholds, silence } from './service'

/** Rounds over one real server without an engine, as DATABASE_URL may name. */

const caller = callerOf('admin', { email: 'operator@test.example' })
const CHANNEL = '5b0f6e6e-4a0b-4f0e-9a53-0d3c1d6f7b11'
let database: TestDatabase
let proxy: DatabaseProxy
let folder: string

beforeAll(async () => {
  database = await makeDatabase()
  proxy = await openProxy(database.address)
  folder = mkdtempSync(join(tmpdir(), 'holdfast-alerts-'))
  process.env.DATABASE_URL = proxy.address
  process.env.HOLDFAST_DATA_DIR = folder
  await followLeader()
})
afterAll(async () => {
  await proxy.mend()
  rmSync(folder, { recursive: true, force: true })
})

/** A round, as if so many seconds after the last. */
let now = Date.now()
async function round(seconds = 2) {
  now += seconds * 1000
  await lookAt({ ...(await readFacts()), at: now })
  return Object.fromEntries((await readAlerts()).rules.map((rule) => [rule.id, rule]))
}
const thresholds = (rule: string, critical: number | null, holdSeconds = 0) =>
  changeThresholds({ rule, warn: null, critical, holdSeconds, clearSeconds: 0 }, caller)

describe('a round', () => {
  it('of a server that is well fires nothing, and says nothing of members that nobody knows', async () => {
    for (let times = 0; times < 3; times++) {
      const rules = await round(20)
      expect(Object.values(rules).filter(({ level }) => level)).toEqual([])
      for (const id of ['two-leaders', 'member-lost', 'synchronous-standby-lost'])
        expect(rules[id]).toMatchObject({ applies: false, state: 'ok' })
      expect(rules['no-leader']).toMatchObject({ known: true, value: 1 })
      expect(rules['spool-waiting']).toMatchObject({ known: false, state: 'ok' })
    }
    expect((await readAlerts()).history).toEqual([])
  })

  it('fires and resolves by a threshold that was edited; each change is kept and queued once', async () => {
    await keepChannel(
      {
        id: CHANNEL,
        name: 'Nowhere',
        enabled: true,
        tells: ['cluster', 'metrics'],
        target: { kind: 'slack', url: 'http://127.0.0.1:9/x' },
      },
      caller,
    )
    await thresholds('connections', 0.001, 4)
    expect((await round()).connections).toMatchObject({ state: 'pending' })
    await round()
    expect((await round()).connections).toMatchObject({ state: 'firing', level: 'critical' })
    await round()
    expect((await readFiringAlerts({}, caller)).alerts).toMatchObject([{ rule: 'connections' }])
    await restoreThresholds({ rule: 'connections' }, caller)
    expect((await round()).connections).toMatchObject({ state: 'firing' })
    expect((await round(30)).connections).toMatchObject({ state: 'resolved', level: null })
    const { history } = await readAlerts()
    expect(history.map(({ kind }) => kind)).toEqual(['resolved', 'firing'])
    expect(knownAlerts().outbox.map(({ message }) => message.id)).toEqual(
      history.toReversed().map(({ id }) => id),
    )
    // As another process reads it.
    expect(JSON.parse(readFileSync(join(folder, 'recovery/alerts/state.json'), 'utf8')).outbox).toHaveLength(
      2,
    )
    expect((await readChannels()).channels).toMatchObject([{ waiting: 2, hasSecret: false }])
    knownAlerts().outbox = []
  })

  it('tells nobody of what is silenced, until the silence is over', async () => {
    await silence({ rule: 'connections', minutes: 60 }, { ...caller, receivedAt: now })
    await thresholds('connections', 0.001)
    expect((await round()).connections).toMatchObject({ state: 'firing' })
    expect(knownAlerts().outbox).toEqual([])
    await round(3601)
    expect(knownAlerts().outbox).toMatchObject([{ message: { kind: 'firing', rule: 'connections' } }])
    await restoreThresholds({ rule: 'connections' }, caller)
    await silence({ rule: 'connections', minutes: 0 }, caller)
    await round()
    await round(30)
    expect(knownAlerts().outbox.map(({ message }) => message.kind)).toEqual(['firing', 'resolved'])
  })

  it('without a database fires that nobody leads, and keeps what only the database knows', async () => {
    await thresholds('connections', 0.001)
    await round()
    await proxy.cut()
    await round()
    for (let times = 0; times < 6; times++) await round()
    const rules = await round()
    expect(rules['no-leader']).toMatchObject({ state: 'firing', level: 'critical', known: true })
    expect(rules.connections).toMatchObject({ state: 'firing', known: false, detail: 'no leader answers' })
    expect(rules['member-lost']?.level).toBeNull()
    await proxy.mend()
    await restoreThresholds({ rule: 'connections' }, caller)
    await eventually('it leads again', async () => {
      await followLeader()
      return (await round(5))['no-leader']?.level === null
    })
  })
})

describe('thresholds', () => {
  const refused = (rule: string, warn: number | null, critical: number | null) =>
    changeThresholds({ rule, warn, critical, holdSeconds: 1, clearSeconds: 1 }, caller).then(
      () => 'taken',
      (problem) => [problem.status, problem.errors?.[0]?.path ?? ''],
    )

  it('that make no sense are refused, with the field', async () => {
    expect(await refused('nothing', 1, 2)).toEqual([404, ''])
    expect(await refused('two-leaders', null, 3)).toEqual([422, 'critical'])
    expect(await refused('connections', null, null)).toEqual([422, 'warn'])
    expect(await refused('connections', 0.9, 0.8)).toEqual([422, 'critical'])
    expect(await refused('connections', 80, null)).toEqual([422, 'warn'])
    expect(await refused('disk-free', 0.05, 0.15)).toEqual([422, 'critical'])
    expect(await refused('archive-waiting', 1.5, null)).toEqual([422, 'warn'])
    expect(await refused('replication-lag', 0, null)).toEqual([422, 'warn'])
    expect(await refused('two-leaders', null, 2)).toBe('taken')
  })

  it('and silences and channels stand in the journal, without a secret', async () => {
    const entries = readJournal().entries.filter(({ kind }) => kind.startsWith('alert'))
    expect(new Set(entries.map(({ kind }) => kind))).toEqual(
      new Set(['alert threshold', 'alert silence', 'alert channel']),
    )
    expect(JSON.stringify(entries)).not.toContain('127.0.0.1:9')
  })
})

describe('channels', () => {
  it('never tell a secret, keep one that is left out, and do not take it along to another host', async () => {
    const id = 'a0a7e1b4-6a0f-4a63-8f7d-0d1de9b8a001'
    const file = join(folder, 'recovery/alerts/channels.json')
    const keep = (url: string | undefined, secret?: string) =>
      keepChannel(
        {
          id,
          name: 'On call',
          enabled: true,
          tells: ['cluster', 'metrics'],
          target: { kind: 'webhook', url, secret },
        },
        caller,
      )
    await keep('https://hooks.test.example/a-secret-path', 'the signing secret')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const { channel } = await keep(undefined)
    expect(channel).toMatchObject({ destination: 'hooks.test.example', hasSecret: true })
    expect(JSON.stringify(await readChannels())).not.toMatch(/secret-path|signing/)
    expect(readFileSync(file, 'utf8')).toContain('the signing secret')
    expect((await keep('https://elsewhere.test.example/')).channel.hasSecret).toBe(false)
  })

  it('of a file that cannot be read are not overwritten', async () => {
    const file = join(folder, 'recovery/alerts/channels.json')
    const whole = readFileSync(file, 'utf8')
    const broken = whole.slice(0, -5)
    writeFileSync(file, broken)
    const target = { kind: 'slack' as const, url: 'https://hooks.test.example/x' }
    const saved = keepChannel(
      { id: randomUUID(), name: 'Another', enabled: true, tells: ['cluster', 'metrics'], target },
      caller,
    )
    await expect(saved).rejects.toMatchObject({ status: 503 })
    expect(readFileSync(file, 'utf8')).toBe(broken)
    await expect(readChannels()).rejects.toMatchObject({ status: 503 })
    writeFileSync(file, whole)
  })
})

describe('facts that alerts alone ask for', () => {
  it('rollups are behind while a record waits for them, and not while none does', async () => {
    const { db, sql } = database.connection
    await maintainPartitions()
    await eventually('the rollups are advanced', async () => {
      await advanceRollups()
      return (await readRollupDelay(db)) === 0
    })
    await sql`update rollup_progress set advanced_at = now() - interval '1 hour'`
    expect(await readRollupDelay(db)).toBe(0)
    await sql`insert into user_events (id, project_id, user_id, type, name, occurred_at, received_at)
      values (gen_random_uuid(), ${database.project.id}, 'u', 'track', 'waits', now(), now() - interval '10 minutes')`
    const delay = await readRollupDelay(db)
    expect(delay).toBeGreaterThan(599)
    expect(delay).toBeLessThan(620)
  })

  it('what a web server could not store is known to the others', async () => {
    expect(readIngestState()).toBeNull()
    reportIngest()
    expect(readIngestState()).toEqual({ spool: { records: 0, oldestAt: null }, failed: 0 })
    countFailed(3)
    await eventually('it is reported', () => readIngestState()?.failed === 3)
    expect(readIngestState(Date.now() + 6 * 60_000)?.failed).toBe(0)
  })
})
