import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { RecordRow } from '@/db/queries/analytics/insert-records'
import { IngestQueue } from '@/lib/analytics/ingest/queue'
import { rowOf } from '@/lib/analytics/ingest/rows'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'

let test: TestDatabase
const nobody = { bot: false, device: null, browser: null, os: null }

beforeAll(async () => {
  test = await makeDatabase()
})
afterAll(() => test.connection.close())

function rows(count: number, name: string): RecordRow[] {
  const now = Date.now()
  return Array.from({ length: count }, (_, index) =>
    rowOf(
      { kind: 'event', id: randomUUID(), userId: `user-${index % 50}`, name },
      {
        project: test.project,
        agent: nobody,
        timing: { at: now - index * 1_000, ours: false },
        receivedAt: new Date(now).toISOString(),
      },
    ),
  )
}

const count = async (name: string) => {
  const [row] = await test.connection.db.execute<{ count: number }>(
    sql`select count(*)::int as count from user_events where name = ${name}`,
  )
  return row?.count
}

it('two writers, as two web servers have, store the same records in opposite orders without a deadlock', async () => {
  for (let round = 0; round < 5; round++) {
    const name = `opposite-${round}`
    const all = rows(1_500, name)
    const stored = await Promise.all([
      new IngestQueue(undefined).store(test.project.id, all),
      new IngestQueue(undefined).store(test.project.id, [...all].reverse()),
    ])
    expect(stored.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(1_500)
    expect(await count(name)).toBe(1_500)
  }
})

it('a value that PostgreSQL refuses fails its own request, and none that was written with it', async () => {
  const queue = new IngestQueue(undefined)
  const good = rows(3, 'beside a bad one')
  // A contract lets no such text through; this is the net below it.
  const bad = rows(2, 'bad \0 name')
  const results = await Promise.allSettled([
    queue.store(test.project.id, good.slice(0, 1)),
    queue.store(test.project.id, bad),
    queue.store(test.project.id, good.slice(1)),
  ])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(results[1]).toMatchObject({ reason: { status: 422 } })
  expect(await count('beside a bad one')).toBe(3)
})
