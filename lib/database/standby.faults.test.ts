import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { databaseAway, followLeader, inSnapshot, leader, readFresh } from '@/lib/database'
import { databaseProblem } from '@/lib/http/database-problem'
import { addressOf, type Cluster, startCluster } from '@/scripts/cluster'
import { clientOf, eventually, scratchFolder, untilSynchronous } from '@/scripts/cluster/testing'
import { processesOf } from '@/scripts/test/member-processes'

/** Reads over a leader and a standby that stream for real. */

const scratch = scratchFolder()
let cluster: Cluster
const frozen: number[] = []

beforeAll(async () => {
  cluster = await startCluster({ dataDir: scratch.path })
  process.env.DATABASE_URL = addressOf(cluster)
  process.env.NEXTAUTH_SECRET = 'a secret that only this test knows of'
  await untilSynchronous(cluster, 'b')
  await leader().execute(sql`create table kept (id int primary key)`)
})
beforeEach(async () => {
  await untilSynchronous(cluster, 'b')
  await eventually('both servers answer', async () => {
    await followLeader()
    return (await sourceOfRead()) === 'standby'
  })
})
afterEach(() => {
  for (const pid of frozen.splice(0)) process.kill(pid, 'SIGCONT')
})
afterAll(async () => {
  await cluster?.stop()
  scratch.remove()
})

let last = 0
const write = async () => {
  last += 1
  await leader().execute(sql`insert into kept values (${last})`)
  return last
}
const sourceOfRead = () => readFresh(async ({ readFrom }) => readFrom)
const seesLast = () =>
  readFresh(async ({ db, readFrom }) => {
    const [row] = await db.execute<{ there: boolean }>(
      sql`select exists (select from kept where id = ${last}) as there`,
    )
    return { there: row?.there, readFrom }
  })

function freeze(name: string): void {
  frozen.push(...processesOf(scratch.path, name))
  for (const pid of frozen) process.kill(pid, 'SIGSTOP')
}

test('what was acknowledged is there at once, a hundred times, and most of it is read from the standby', async () => {
  const from = { leader: 0, standby: 0 }
  for (let times = 0; times < 100; times++) {
    await write()
    const { there, readFrom } = await seesLast()
    expect(there).toBe(true)
    from[readFrom] += 1
  }
  expect(from.standby).toBeGreaterThan(50)
})

test('a snapshot of the standby shows one moment, and cannot write', async () => {
  await inSnapshot(async (tx, readFrom) => {
    expect(readFrom).toBe('standby')
    const count = async () =>
      (await tx.execute<{ count: number }>(sql`select count(*)::int as count from kept`))[0]
    const before = await count()
    await write()
    expect(await count()).toEqual(before)
  })
})

test('a standby whose replay stands still is not read, and holds nobody up', async () => {
  const standby = clientOf(cluster, 'b')
  await standby`select pg_wal_replay_pause()`
  try {
    await write()
    const begun = Date.now()
    expect(await seesLast()).toEqual({ there: true, readFrom: 'leader' })
    expect(Date.now() - begun).toBeLessThan(500)
  } finally {
    await standby`select pg_wal_replay_resume()`
    await standby.end()
  }
})

test('a standby that stands still in the midst of a question: the leader answers it', async () => {
  let asked = 0
  const begun = Date.now()
  const answer = readFresh(async ({ db, readFrom }) => {
    asked += 1
    await db.execute(sql`select pg_sleep(0.3)`)
    return readFrom
  })
  await eventually('the standby is asked', () => asked === 1)
  freeze('b')
  expect(await answer).toBe('leader')
  expect(asked).toBe(2)
  expect(Date.now() - begun).toBeLessThan(5_500)
  // The next one need not find that out again.
  const again = Date.now()
  expect(await sourceOfRead()).toBe('leader')
  expect(Date.now() - again).toBeLessThan(100)
})

test('a leader that stands still keeps nobody waiting beyond 5 s', async () => {
  const waiting = leader().execute(sql`select pg_sleep(1)`)
  await new Promise((resolve) => setTimeout(resolve, 100))
  freeze('a')
  const begun = Date.now()
  const failed = await waiting.then(
    () => undefined,
    (error) => error,
  )
  expect(databaseProblem(failed)?.status).toBe(503)
  expect(Date.now() - begun).toBeLessThan(5_000)
  expect(databaseAway()).toBe(true)
  const again = Date.now()
  await expect(sourceOfRead()).rejects.toMatchObject({ status: 503 })
  expect(Date.now() - again).toBeLessThan(100)
})
