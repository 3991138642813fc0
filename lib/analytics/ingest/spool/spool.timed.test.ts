import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { RecordRow } from '@/db/queries/analytics/insert-records'
import type { ProjectCaller } from '@/lib/access/caller'
import { trackBatch, trackEvent } from '@/lib/analytics/events/contract'
import { recordEvent, recordEvents } from '@/lib/analytics/events/service'
import { Spool, spool } from '@/lib/analytics/ingest/spool/spool'
import type { Batch } from '@/lib/analytics/ingest/store'
import { eventually } from '@/scripts/cluster/testing'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'
import { expectTook } from '@/scripts/test/measured'
import { type DatabaseProxy, openProxy } from '@/scripts/test/proxy'

/** Real PostgreSQL, behind a proxy that parts us from it. */

let database: TestDatabase
let proxy: DatabaseProxy
let folder: string

beforeAll(async () => {
  database = await makeDatabase()
  proxy = await openProxy(database.address)
  folder = mkdtempSync(join(tmpdir(), 'holdfast-spool-'))
  process.env.DATABASE_URL = proxy.address
  process.env.HOLDFAST_DATA_DIR = folder
})
afterEach(async () => {
  await proxy.mend()
  await drained()
})
afterAll(async () => {
  await database.connection.close()
  rmSync(folder, { recursive: true, force: true })
})

const caller = (): ProjectCaller => ({
  project: database.project,
  account: null,
  receivedAt: Date.now(),
  userAgent: null,
})
const track = (name: string, n: number, id = randomUUID()) =>
  recordEvent(trackEvent.input.parse({ id, userId: 'u', name, properties: { n } }), caller())
const drained = () => eventually('the spool is drained', () => !spool()?.inUse)
const stored = async (name: string) =>
  (
    await database.connection.db.execute<{ n: number }>(
      sql`select (properties ->> 'n')::int as n from user_events where name = ${name} order by transaction_id, received_at, n`,
    )
  ).map(({ n }) => n)
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index)

/** A batch as the queue hands it on. */
function batchOf(name: string, count: number, change: Partial<RecordRow> = {}): Batch {
  const now = new Date().toISOString()
  const rows = upTo(count).map((n) => ({
    table: 'user_events',
    id: randomUUID(),
    projectId: database.project.id,
    userId: 'u',
    type: 'custom',
    name,
    properties: { n },
    occurredAt: now,
    receivedAt: now,
    timedByUs: false,
    ...change,
  })) as RecordRow[]
  return { projectId: database.project.id, rows, bots: 0 }
}

function newFolder(): string {
  const path = join(folder, randomUUID())
  mkdirSync(path)
  return path
}

describe('while no leader takes writes', () => {
  it('records are accepted, and stored in their order once there is one, each once', async () => {
    expect(await track('order', 0)).toMatchObject({ accepted: 1, spooled: 0 })
    await proxy.cut()
    const id = randomUUID()
    expect(await track('order', 1, id)).toMatchObject({ accepted: 1, spooled: 1, duplicates: 0 })
    expect(await track('order', 1, id)).toMatchObject({ accepted: 1, spooled: 1 })
    for (let n = 2; n < 60; n++) await track('order', n)
    expect(spool()?.state).toMatchObject({ records: 60, batches: 60, oldestAt: expect.any(String) })
    await proxy.mend()
    // What comes while it is drained keeps behind what waits.
    for (let n = 60; n < 80; n++) await track('order', n)
    await drained()
    for (let n = 80; n < 90; n++) expect(await track('order', n)).toMatchObject({ accepted: 1, spooled: 0 })
    expect(await stored('order')).toEqual(upTo(90))
    expect(spool()?.state).toMatchObject({ records: 0, batches: 0, bytes: 0, oldestAt: null })
  })

  it('a leader that hangs holds up nobody for long, and what it may have stored is counted once', async () => {
    await track('hang', 0)
    proxy.hang()
    const begun = performance.now()
    expect(await track('hang', 1)).toMatchObject({ spooled: 1 })
    expectTook('the first record while the leader hangs', performance.now() - begun, 6_000)
    const next = performance.now()
    expect(await track('hang', 2)).toMatchObject({ spooled: 1 })
    expectTook('the next record while the leader hangs', performance.now() - next, 500)
    await proxy.mend()
    await drained()
    expect(await stored('hang')).toEqual(upTo(3))
  })

  it('500 single records a second are kept up with', async () => {
    await proxy.cut()
    await track('rate', 0)
    const begun = performance.now()
    for (let second = 0; second < 4; second++)
      await Promise.all(upTo(250).map((n) => track('rate', second * 250 + n + 1)))
    expectTook('1,000 single records of 250 clients into the spool', performance.now() - begun, 2_000)
    await proxy.mend()
    await drained()
    expect((await stored('rate')).length).toBe(1_001)
  })

  it('a batch is kept whole', async () => {
    await proxy.cut()
    const records = upTo(500).map((n) => ({
      kind: 'event',
      userId: `u${n}`,
      name: 'whole',
      properties: { n },
    }))
    const receipt = await recordEvents(trackBatch.input.parse({ records }), caller())
    expect(receipt).toMatchObject({ accepted: 500, spooled: 500, rejected: [] })
    await proxy.mend()
    await drained()
    expect((await stored('whole')).sort((a, b) => a - b)).toEqual(upTo(500))
  })
})

describe('a spool', () => {
  it('that is full keeps nothing of what it refuses', async () => {
    await proxy.cut()
    const small = new Spool(newFolder(), 2_000)
    await small.append([batchOf('full', 2)])
    const before = small.state
    await expect(small.append([batchOf('full', 50)])).rejects.toThrow('full')
    expect(small.state).toEqual(before)
    await proxy.mend()
    await eventually('it is drained', () => !small.inUse)
    expect(await stored('full')).toEqual([0, 1])
  })

  it('is not held up by what PostgreSQL refuses or what was damaged', async () => {
    await proxy.cut()
    const path = newFolder()
    const mixed = new Spool(path, 1e9)
    const bad = batchOf('mixed', 1, { id: 'no uuid' })
    await mixed.append([
      batchOf('mixed', 1),
      { ...bad, rows: [...bad.rows, ...batchOf('mixed', 2).rows.slice(1)] },
    ])
    await proxy.mend()
    await eventually('it is drained', () => !mixed.inUse)
    expect(await stored('mixed')).toEqual([0, 1])
    expect(mixed.state.refused).toBe(1)
    expect(readFileSync(join(path, 'refused.ndjson'), 'utf8')).toContain('no uuid')
  })

  it('of a process that was killed is drained by the next, and nothing is counted twice', async () => {
    await proxy.cut()
    const path = newFolder()
    const batch = batchOf('killed', 20)
    const child = fork('scripts/test/keep-and-wait.ts', [path, JSON.stringify(batch)], {
      execArgv: ['--import', 'tsx'],
      env: process.env,
    })
    await new Promise((resolve) => child.once('message', resolve))
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
    await proxy.mend()
    for (let start = 0; start < 2; start++) {
      const next = new Spool(path, 1e9)
      if (start === 0) expect(next.state.records).toBe(20)
      await eventually('it is drained', () => !next.inUse)
    }
    expect((await stored('killed')).sort((a, b) => a - b)).toEqual(upTo(20))
  })
})
