import { constants, getPriority, platform } from 'node:os'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyOut } from '@/db/copy-out'
import { leader, leaderForAccess, readFresh } from '@/lib/database'
import { answering, noteCaller } from '@/lib/http/request'
import { eventually } from '@/scripts/cluster/testing'
import { account } from '@/scripts/test/caller'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'

let database: TestDatabase

beforeAll(async () => {
  process.env.HOLDFAST_READ_LIMIT_SECONDS = '2'
  database = await makeDatabase()
})
afterAll(async () => {
  delete process.env.HOLDFAST_READ_LIMIT_SECONDS
  await database.connection.close()
})

/** A read that lasts until something else lets it end. */
const sleepLong = () => readFresh(({ db }) => db.execute(sql`select pg_sleep(60)`))
const readQuickly = () =>
  readFresh(async ({ db }) => (await db.execute<{ one: number }>(sql`select 1 as one`))[0]?.one)

/** How many of these reads the server is working on. */
async function sleeping(): Promise<number> {
  const [row] = await database.connection.sql`
    select count(*)::int as count from pg_stat_activity
    where datname = current_database() and state = 'active' and query like '%pg_sleep(60)%' and pid <> pg_backend_pid()`
  return row?.count
}

const asCaller = <T>(id: string, ask: () => Promise<T>, gone = new AbortController().signal) =>
  answering(gone, () => {
    noteCaller({ account: account('viewer', { id }) })
    return ask()
  })

test('what takes longer than the limit is stopped, and the problem says so', async () => {
  await expect(sleepLong()).rejects.toMatchObject({
    status: 503,
    detail: expect.stringContaining('longer than 2 s'),
    retryAfter: 2,
  })
  expect(await sleeping()).toBe(0)
})

test('so is what takes longer in many statements, each of which is quick', async () => {
  let asked = 0
  const reading = readFresh(async ({ db }) => {
    for (;;) {
      await db.execute(sql`select pg_sleep(0.1)`)
      asked += 1
    }
  })
  await expect(reading).rejects.toMatchObject({
    status: 503,
    detail: expect.stringContaining('longer than 2 s'),
  })
  expect(asked).toBeGreaterThan(2)
})

test('nothing is worked on for someone who has left, and what is read after that has its connections', async () => {
  for (let round = 0; round < 3; round++) {
    const left = new AbortController()
    const transaction = () =>
      readFresh(({ db }) => db.transaction(async (tx) => tx.execute(sql`select pg_sleep(60)`)))
    const copy = () =>
      readFresh(({ db }) =>
        db.transaction(async (tx) => {
          const rows = sql`
            select repeat('x', 1000), case when n > 100 then pg_sleep(60) end from generate_series(1, 101) n`
          for await (const some of copyOut(tx, rows)) expect(some.length).toBeGreaterThan(0)
        }),
      )
    const asked = [copy, transaction, copy, sleepLong, transaction, sleepLong].map(
      (ask: () => Promise<unknown>) => asCaller(`left ${round}`, ask, left.signal),
    )
    await eventually('two of them run', async () => (await sleeping()) === 2)
    left.abort()
    for (const outcome of await Promise.allSettled(asked)) expect(outcome.status).toBe('rejected')
    await eventually('nothing runs', async () => (await sleeping()) === 0)
  }
  const after = await Promise.all(
    Array.from({ length: 40 }, (_, index) => asCaller(`after ${index % 20}`, readQuickly)),
  )
  expect(new Set(after)).toEqual(new Set([1]))
})

test.runIf(platform() === 'linux')(
  'what reads for long gives way, and what works for it as well',
  async () => {
    const { sql: direct } = database.connection
    const left = new AbortController()
    const inParallel = () =>
      readFresh(({ db }) =>
        db.transaction(async (tx) => {
          await tx.execute(sql`select set_config(name, 'on', true) from pg_settings
          where name in ('force_parallel_mode', 'debug_parallel_query')`)
          return tx.execute(sql`select pg_sleep(60)`)
        }),
      )
    const reading = asCaller('long', inParallel, left.signal)
    reading.catch(() => {})
    await eventually('both of its processes have a low priority', async () => {
      const rows = await direct<{ pid: number }[]>`
      select pid from pg_stat_activity
      where datname = current_database() and query like '%pg_sleep(60)%' and pid <> pg_backend_pid()`
      return (
        rows.length === 2 && rows.every(({ pid }) => getPriority(pid) === constants.priority.PRIORITY_LOW)
      )
    })
    left.abort()
    await expect(reading).rejects.toThrow()
  },
)

test('of several statements of a read, those that nobody waits for are stopped', async () => {
  const failing = readFresh(({ db }) =>
    Promise.all([db.execute(sql`select pg_sleep(60)`), db.execute(sql`select 1 / 0`)]),
  )
  await expect(failing).rejects.toThrow()
  await eventually('nothing runs', async () => (await sleeping()) === 0)
})

test('one caller has two reads at once, others go on, and whoever asks for too many is told to come back', async () => {
  const left = new AbortController()
  const flood = Array.from({ length: 80 }, () => asCaller('flood', sleepLong, left.signal))
  const refused = await Promise.all(flood.slice(62).map((one) => one.catch((problem: unknown) => problem)))
  for (const problem of refused) expect(problem).toMatchObject({ status: 503, retryAfter: 5 })
  await eventually('two of them run', async () => (await sleeping()) === 2)
  expect(await asCaller('another', readQuickly)).toBe(1)
  left.abort()
  await Promise.allSettled(flood)
})

test('however much is read, keys and sessions have their connections', async () => {
  const left = new AbortController()
  const flood = Array.from({ length: 20 }, (_, index) => asCaller(`busy ${index}`, sleepLong, left.signal))
  await eventually('all places are taken', async () => (await sleeping()) === 6)
  for (const db of [leader(), leaderForAccess()])
    expect(await db.execute(sql`select 1 as one`)).toHaveLength(1)
  left.abort()
  await Promise.allSettled(flood)
})
