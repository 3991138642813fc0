import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertProject } from '@/db/queries/access/projects'
import type { Project, ProjectCaller } from '@/lib/access/caller'
import { getEventAnalytics, listEvents, trackBatch } from '@/lib/analytics/events/contract'
import { analyzeEvents, findEvents, recordEvents } from '@/lib/analytics/events/service'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'

let test: TestDatabase
const caller = (project: Project): ProjectCaller => ({
  project,
  account: null,
  receivedAt: Date.now(),
  userAgent: null,
})

beforeAll(async () => {
  test = await makeDatabase()
})
afterAll(() => test.connection.close())

describe('event analytics', () => {
  it('has a point for every interval, a day of 23 hours included', async () => {
    const query = { from: '2026-03-28', to: '2026-03-30', timezone: 'Europe/Berlin' }
    const days = await analyzeEvents(
      getEventAnalytics.input.parse({ ...query, interval: 'day' }),
      caller(test.project),
    )
    expect(days.series.map((point) => point.at)).toEqual([
      '2026-03-27T23:00:00.000Z',
      '2026-03-28T23:00:00.000Z',
      '2026-03-29T22:00:00.000Z',
    ])
    const hours = await analyzeEvents(
      getEventAnalytics.input.parse({ ...query, interval: 'hour' }),
      caller(test.project),
    )
    expect(hours.series).toHaveLength(71)
  })

  it('lists every event once over its pages, newest first', async () => {
    const at = ['10', '10', '10', '11', '12', '09', '10'].map((hour) => `2026-03-28T${hour}:00:00.000Z`)
    const records = at.map((occurredAt, index) => ({
      kind: 'event',
      userId: `page-${index % 3}`,
      name: 'paged',
      occurredAt,
    }))
    await recordEvents(trackBatch.input.parse({ records }), caller(test.project))
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const input = listEvents.input.parse({
        from: '2026-03-28',
        to: '2026-03-29',
        name: 'paged',
        limit: '2',
        ...(cursor && { cursor }),
      })
      const page = await findEvents(input, caller(test.project))
      seen.push(...page.items.map((item) => `${item.occurredAt} ${item.id}`))
      cursor = page.nextCursor ?? undefined
    } while (cursor)
    expect(new Set(seen).size).toBe(7)
    expect(seen.map((key) => key.slice(0, 24))).toEqual([...at].sort().reverse())
  })

  it('sees no other project', async () => {
    const other = (await insertProject(test.connection.db, { name: 'other' })) as Project
    const answer = await analyzeEvents(getEventAnalytics.input.parse({ from: '2026-03-28' }), caller(other))
    expect(answer.totals.events).toBe(0)
  })
})
