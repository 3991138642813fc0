import { afterAll, beforeAll, expect, it } from 'vitest'
import { ensurePartitions } from '@/db/queries/analytics/ensure-partitions'
import type { ProjectCaller } from '@/lib/access/caller'
import { getEstimate, PATIENCE_MS } from '@/lib/analytics/estimate/contract'
import { estimate, timed } from '@/lib/analytics/estimate/service'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'
import { rollUp } from '@/scripts/test/roll-up'

/** Questions that are timed: on a busy machine all of them take long. */

let test: TestDatabase
beforeAll(async () => {
  test = await makeDatabase()
  await ensurePartitions(test.connection.db, [new Date('2026-04-10')])
})
afterAll(() => test.connection.close())

const caller = (): ProjectCaller => ({
  project: test.project,
  account: null,
  receivedAt: Date.parse('2026-05-01T00:00:00Z'),
  userAgent: null,
})
const ask = (input: Record<string, string>) => estimate(getEstimate.input.parse(input), caller())

it('learns from what took long and read much, for that question alone', async () => {
  const range = { from: '2026-04-10', to: '2026-04-11' }
  const question = { ...range, search: 'u' }
  const expected = (question: string) => ask({ of: 'event', question, ...range })
  const answerIn = (ms: number) => () => new Promise<void>((resolve) => setTimeout(resolve, ms))
  const insert = (records: number) =>
    test.connection.sql`
      insert into user_events (id, project_id, user_id, type, name, occurred_at, received_at)
      select gen_random_uuid(), ${test.project.id}, 'u', 'x', 'x', at, at
      from generate_series(1, ${records}) n, lateral (select '2026-04-10T00:00:00Z'::timestamptz + n * '1s'::interval as at) t`

  await insert(1_000)
  const little = await expected('listUsers')
  await timed('listUsers', question, caller(), answerIn(PATIENCE_MS * 2))
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(await expected('listUsers')).toEqual(little)

  await insert(60_000)
  await rollUp(test.connection.db)
  const usual = await expected('listUsers')
  expect(usual.records).toBe(61_000)
  await timed('listUsers', question, caller(), answerIn(PATIENCE_MS / 10))
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(await expected('listUsers')).toEqual(usual)

  const took = usual.ms * 10
  for (let round = 0; round < 2; round++) {
    const before = await expected('listUsers')
    await timed('listUsers', question, caller(), answerIn(took))
    await expect.poll(async () => (await expected('listUsers')).ms).toBeGreaterThan(before.ms)
  }
  const learned = (await expected('listUsers')).ms
  expect(learned).toBeGreaterThan(usual.ms * 1.5)
  expect(learned).toBeLessThan(took)
  expect((await expected('listEvents')).ms).toBe(usual.ms)
})
