import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertProject } from '@/db/queries/access/projects'
import type { Project, ProjectCaller } from '@/lib/access/caller'
import { getEventAnalytics, listEvents, trackBatch } from '@/lib/analytics/events/contract'
import { analyzeEvents, findEvents, recordEvents } from '@/lib/analytics/events/service'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'

/** Metrics against a slow and obvious reference, on random data. */

let test: TestDatabase
const caller = (project: Project): ProjectCaller => ({
  project,
  account: null,
  receivedAt: Date.now(),
  userAgent: null,
})
const from = '2026-03-27T22:15:00Z'
const to = '2026-03-31T01:00:00Z'

beforeAll(async () => {
  test = await makeDatabase()
})
afterAll(() => test.connection.close())

const events = fc.array(
  fc.record({
    userId: fc.constantFrom('a', 'b', 'c', 'd'),
    sessionId: fc.option(fc.constantFrom('s1', 's2', 's3'), { nil: undefined }),
    name: fc.constantFrom('x', 'y', 'z'),
    type: fc.constantFrom('click', 'page_view'),
    device: fc.option(fc.constantFrom('mobile', 'desktop'), { nil: undefined }),
    durationMs: fc.option(fc.integer({ min: 0, max: 9_000 }), { nil: undefined }),
    properties: fc.record(
      { plan: fc.option(fc.constantFrom('free', 'pro'), { nil: undefined }) },
      { requiredKeys: [] },
    ),
    // Around a change of clocks in Berlin, with ties.
    occurredAt: fc
      .integer({ min: 0, max: 5 * 96 })
      .map((quarter) => new Date(Date.parse('2026-03-27T00:00:00Z') + quarter * 900_000).toISOString()),
  }),
  { maxLength: 60 },
)
type Sent = {
  userId: string
  sessionId?: string
  name: string
  type: string
  device?: string
  durationMs?: number
  properties: { plan?: string }
  occurredAt: string
}

const distinct = (values: unknown[]) => new Set(values.filter((value) => value !== undefined)).size
const mean = (values: number[]) =>
  values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length

function localStart(at: string, interval: 'hour' | 'day', timeZone: string): string {
  const parts = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
  }).format(new Date(at))
  return interval === 'day' ? parts.slice(0, 10) : `${new Date(at).toISOString().slice(0, 13)}`
}

function group<T>(items: T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item])
  return groups
}

describe('event analytics', () => {
  it('equal a reference on 60 random data sets', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        events,
        fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata'),
        fc.constantFrom('hour' as const, 'day' as const),
        fc.constantFrom(undefined, 'mobile'),
        async (sent: Sent[], timezone, interval, device) => {
          const project = (await insertProject(test.connection.db, { name: randomUUID() })) as Project
          if (sent.length > 0) {
            const records = sent.map((event) => ({ kind: 'event', id: randomUUID(), ...event }))
            await recordEvents(
              trackBatch.input.parse({ records: [...records, ...records.slice(0, 9)] }),
              caller(project),
            )
          }
          const answer = await analyzeEvents(
            getEventAnalytics.input.parse({
              from,
              to,
              timezone,
              interval,
              breakdown: 'property.plan',
              ...(device && { device }),
            }),
            caller(project),
          )
          const hit = sent.filter(
            (event) =>
              Date.parse(event.occurredAt) >= Date.parse(from) &&
              Date.parse(event.occurredAt) < Date.parse(to) &&
              (device === undefined || event.device === device),
          )
          const averageDurationMs = mean(hit.flatMap((event) => event.durationMs ?? []))
          expect(answer.totals).toEqual({
            events: hit.length,
            users: distinct(hit.map((event) => event.userId)),
            sessions: distinct(hit.map((event) => event.sessionId)),
            averageDurationMs: averageDurationMs === null ? null : expect.closeTo(averageDurationMs, 6),
          })
          const start = (event: { occurredAt: string }) => localStart(event.occurredAt, interval, timezone)
          const expected = [...group(hit, start)].map(([at, all]) => [
            at,
            all.length,
            distinct(all.map((one) => one.userId)),
          ])
          // A half-hour timezone's hours begin at half past: name them by their first event's UTC hour instead.
          if (!(interval === 'hour' && timezone === 'Asia/Kolkata')) {
            const points = answer.series.filter((point) => point.events > 0)
            expect(points.map((p) => [localStart(p.at, interval, timezone), p.events, p.users])).toEqual(
              expected.sort(),
            )
          }
          expect(answer.series.reduce((sum, point) => sum + point.events, 0)).toBe(hit.length)
          const rows = (groups: Map<string, Sent[]>) =>
            [...groups]
              .map(([key, all]) => `${key}:${all.length}:${distinct(all.map((one) => one.userId))}`)
              .sort()
          expect(
            answer.top.map((row) => `${row.name}/${row.type}:${row.events}:${row.users}`).sort(),
          ).toEqual(rows(group(hit, (event) => `${event.name}/${event.type}`)))
          expect(answer.breakdown?.map((row) => `${row.value}:${row.events}:${row.users}`).sort()).toEqual(
            rows(group(hit, (event) => `${event.properties.plan ?? null}`)),
          )
        },
      ),
      { numRuns: 60 },
    )
  })

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
