import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { insertProject, updateProject } from '@/db/queries/access/projects'
import { partitionNames } from '@/db/queries/analytics/ensure-partitions'
import { analyticsTables } from '@/db/schema'
import type { Project } from '@/lib/access/caller'
import { trackBatch } from '@/lib/analytics/events/contract'
import { recordEvents } from '@/lib/analytics/events/service'
import { maintainPartitions, monthsAhead } from '@/lib/jobs/maintain-partitions'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'

let test: TestDatabase
const now = new Date()
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000).toISOString().slice(0, 10)
const monthOf = (day: string) => day.slice(0, 7).replace('-', '_')

beforeAll(async () => {
  test = await makeDatabase()
})
afterAll(() => test.connection.close())

async function record(project: Project, days: string[]): Promise<void> {
  const records = days.map((day) => ({
    kind: 'event',
    userId: 'u',
    name: 'x',
    occurredAt: `${day}T00:00:00Z`,
  }))
  const caller = { project, account: null, receivedAt: Date.now(), userAgent: null }
  await recordEvents(trackBatch.input.parse({ records }), caller)
}

async function daysOf(project: Project): Promise<string[]> {
  const rows = await test.connection.db.execute<{ day: string }>(
    sql`select occurred_at::date::text as day from user_events where project_id = ${project.id} order by 1`,
  )
  return rows.map(({ day }) => day)
}

it('makes the partitions of this month and the two to come, in all five tables, however often', async () => {
  await Promise.all([maintainPartitions(now), maintainPartitions(now)])
  await maintainPartitions(now)
  for (const table of analyticsTables) {
    expect(await partitionNames(test.connection.db, table)).toEqual(
      monthsAhead(now).map((day) => `${table}_${monthOf(day.toISOString())}`),
    )
  }
})

it('deletes what a project keeps no longer, and drops a partition only when no project keeps it', async () => {
  const other = (await insertProject(test.connection.db, { name: 'keeps for ever' })) as Project
  const [recent, older, oldest] = [daysAgo(2), daysAgo(80), daysAgo(200)]
  const days = [recent, older, oldest, '2015-05-17']
  for (const project of [test.project, other]) await record(project, days)
  await updateProject(test.connection.db, test.project.id, { retentionDays: 30 })
  await maintainPartitions(now)
  expect(await daysOf(test.project)).toEqual([recent])
  expect(await daysOf(other)).toEqual([...days].reverse())
  expect(await partitionNames(test.connection.db, 'user_events')).toContain('user_events_2015')

  await updateProject(test.connection.db, other.id, { retentionDays: 90 })
  await maintainPartitions(now)
  expect(await daysOf(other)).toEqual([older, recent])
  const left = await partitionNames(test.connection.db, 'user_events')
  expect(left).not.toContain('user_events_2015')
  expect(left).not.toContain(`user_events_${monthOf(oldest)}`)
  expect(left).toContain(`user_events_${monthOf(older)}`)
})
