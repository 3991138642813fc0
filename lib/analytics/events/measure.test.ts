import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertProject } from '@/db/queries/access/projects'
import { advanceRollups } from '@/db/queries/analytics/rollups/advance'
import type { Project, ProjectCaller } from '@/lib/access/caller'
import { getEventAnalytics, trackBatch } from '@/lib/analytics/events/contract'
import { analyzeEvents, recordEvents } from '@/lib/analytics/events/service'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'
import { seed, sets } from '@/scripts/test/random-sets'

/** Metrics against a slow and obvious reference, on random data, whatever part of it the rollups hold. */

let test: TestDatabase
beforeAll(async () => {
  test = await makeDatabase()
})
afterAll(() => test.connection.close())

const from = '2026-03-27T22:15:00Z'
const to = '2026-04-03T01:00:00Z'
/** The range before, as long. */
const before = '2026-03-21T19:30:00Z'

const maybe = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined })
const event = fc.record({
  userId: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  sessionId: maybe('s1', 's2', 's3', 's4'),
  name: fc.constantFrom('x', 'y', 'z'),
  type: fc.constantFrom('click', 'page_view'),
  category: maybe('shop'),
  pageUrl: maybe('https://app.example/', 'https://app.example/pricing?x=1'),
  device: maybe('mobile', 'desktop'),
  browser: maybe('Firefox', 'Safari'),
  os: maybe('Linux'),
  durationMs: fc.option(fc.integer({ min: 0, max: 9_000 }), { nil: undefined }),
  properties: fc.record({ plan: maybe('free', 'pro') }, { requiredKeys: [] }),
  // Around a change of clocks in Berlin, with ties.
  occurredAt: fc
    .integer({ min: 0, max: 15 * 96 })
    .map((quarter) => new Date(Date.parse('2026-03-20T00:00:00Z') + quarter * 900_000).toISOString()),
})
type Sent = {
  userId: string
  sessionId?: string
  name: string
  type: string
  category?: string
  pageUrl?: string
  device?: string
  browser?: string
  os?: string
  durationMs?: number
  properties: { plan?: string }
  occurredAt: string
}

const timezone = fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/New_York')
const filter = fc.constantFrom<Record<string, string>>(
  {},
  { device: 'mobile' },
  { name: 'x' },
  { type: 'click', os: 'Linux' },
  { category: 'shop' },
  { page: '/pricing' },
  { page: '/', browser: 'Safari' },
  { 'property.plan': 'pro' },
  { userId: 'a' },
  { name: 'y', device: 'desktop', browser: 'Firefox' },
)
const dimension = fc.constantFrom(
  'name',
  'type',
  'category',
  'page',
  'device',
  'browser',
  'os',
  'property.plan',
)

const pageOf = ({ pageUrl }: Sent) => pageUrl && new URL(pageUrl).pathname
function dimensionOf(sent: Sent, field: string): string | undefined {
  if (field === 'page') return pageOf(sent)
  if (field === 'property.plan') return sent.properties.plan
  return sent[field as 'name']
}

const distinct = (values: unknown[]) => new Set(values.filter((value) => value !== undefined)).size
const users = (all: Sent[]) => distinct(all.map((one) => one.userId))

function totalsOf(all: Sent[]) {
  const durations = all.flatMap((one) => one.durationMs ?? [])
  const mean = durations.reduce((a, b) => a + b, 0) / durations.length
  return {
    events: all.length,
    users: users(all),
    sessions: distinct(all.map((one) => one.sessionId)),
    averageDurationMs: durations.length === 0 ? null : expect.closeTo(mean, 6),
  }
}

/** The local hour, day or Monday. */
function intervalOf(at: string, interval: string, timeZone: string): string {
  const local = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
  }).format(new Date(at))
  if (interval === 'hour') return local.slice(0, 13)
  const day = new Date(`${local.slice(0, 10)}T00:00:00Z`)
  if (interval === 'week') day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7))
  return day.toISOString().slice(0, 10)
}

function group(all: Sent[], key: (one: Sent) => string): string[] {
  const groups = new Map<string, Sent[]>()
  for (const one of all) groups.set(key(one), [...(groups.get(key(one)) ?? []), one])
  return [...groups].map(([name, members]) => `${name}: ${members.length} by ${users(members)}`).sort()
}

function callerOf(project: Project): ProjectCaller {
  return { project, account: null, receivedAt: Date.now(), userAgent: null }
}

async function record(project: Project, records: object[]): Promise<void> {
  if (records.length > 0) await recordEvents(trackBatch.input.parse({ records }), callerOf(project))
}

describe('event analytics', () => {
  it('equal a reference on 200 random data sets', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { maxLength: 60 }),
        timezone,
        timezone,
        fc.constantFrom('hour', 'day', 'week'),
        filter,
        dimension,
        fc.nat(60),
        fc.nat(60),
        fc.boolean(),
        async (sent: Sent[], own, asked, interval, filters, breakdown, first, second, held) => {
          const project = (await insertProject(test.connection.db, {
            name: randomUUID(),
            timezone: own,
          })) as Project
          const records = sent.map((one) => ({ kind: 'event', id: randomUUID(), ...one }))
          await record(project, records.slice(0, first))
          await advanceRollups(test.connection.db)
          // Some of them again, and some while an older transaction runs: the mark must stop before it.
          const older = held ? await test.connection.sql.reserve() : undefined
          await older?.unsafe('begin; select pg_current_xact_id()')
          await record(project, [...records.slice(0, 5), ...records.slice(first, first + second)])
          await advanceRollups(test.connection.db)
          await older?.unsafe('commit')
          older?.release()
          await record(project, records.slice(first + second))

          const answer = await analyzeEvents(
            getEventAnalytics.input.parse({
              from,
              to,
              timezone: asked,
              interval,
              breakdown,
              compare: 'previous',
              ...filters,
            }),
            callerOf(project),
          )
          const matching = sent.filter((one) =>
            Object.entries(filters).every(([field, value]) => dimensionOf(one, field) === value),
          )
          const between = (start: string, end: string) =>
            matching.filter(
              (one) =>
                Date.parse(one.occurredAt) >= Date.parse(start) &&
                Date.parse(one.occurredAt) < Date.parse(end),
            )
          const hit = between(from, to)
          expect(answer.totals).toEqual(totalsOf(hit))
          expect(answer.previous?.totals).toEqual(totalsOf(between(before, from)))
          const points = answer.series.filter((point) => point.events > 0)
          expect(
            points.map((p) => `${intervalOf(p.at, interval, asked)}: ${p.events} by ${p.users}`).sort(),
          ).toEqual(group(hit, (one) => intervalOf(one.occurredAt, interval, asked)))
          expect(
            answer.top.map((row) => `${row.name}/${row.type}: ${row.events} by ${row.users}`).sort(),
          ).toEqual(group(hit, (one) => `${one.name}/${one.type}`))
          expect(
            (answer.breakdown ?? []).map((row) => `${row.value}: ${row.events} by ${row.users}`).sort(),
          ).toEqual(group(hit, (one) => `${dimensionOf(one, breakdown) ?? null}`))
        },
      ),
      { numRuns: sets(200), seed },
    )
  })
})
