import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertProject } from '@/db/queries/access/projects'
import { advanceRollups } from '@/db/queries/analytics/rollups/advance'
import { rolledStart } from '@/db/queries/analytics/rollups/zones'
import { type Grain, startOf, timeZoneOf } from '@/db/time-zone'
import type { Project } from '@/lib/access/caller'
import { getEventAnalytics, trackBatch } from '@/lib/analytics/events/contract'
import { analyzeEvents, recordEvents } from '@/lib/analytics/events/service'
import { getFeatureStats } from '@/lib/analytics/features/contract'
import { measureFeatures } from '@/lib/analytics/features/service'
import { getFunnelAnalytics } from '@/lib/analytics/funnels/contract'
import { analyzeFunnel } from '@/lib/analytics/funnels/service'
import { getJourneyAnalytics } from '@/lib/analytics/journeys/contract'
import { analyzeJourneys } from '@/lib/analytics/journeys/service'
import { getRetention } from '@/lib/analytics/retention/contract'
import { findRetention } from '@/lib/analytics/retention/service'
import { getSatisfactionMetrics } from '@/lib/analytics/satisfaction/contract'
import { measureSatisfaction } from '@/lib/analytics/satisfaction/service'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'
import { rollUp } from '@/scripts/test/roll-up'
import { intervalName, type LocalInterval, QUARTER } from '@/scripts/test/wall-clock'

const DAY = 96 * QUARTER
/** The gate tries a part of them. */
const all = process.env.HOLDFAST_RANDOM_SETS === 'all'
/** A change of each kind: at midnight, back over midnight, by half an hour, in zones of half and quarter hours. */
const changes: [zone: string, at: string][] = [
  ['America/Santiago', '2026-09-06T04:00:00Z'],
  ['America/Santiago', '2026-04-05T03:00:00Z'],
  ['America/Havana', '2025-11-02T05:00:00Z'],
  ['Atlantic/Azores', '2026-10-25T01:00:00Z'],
  ['Asia/Beirut', '2026-03-28T22:00:00Z'],
  ['Africa/Casablanca', '2026-03-22T02:00:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30:00Z'],
  ['Pacific/Chatham', '2026-09-26T14:00:00Z'],
  ['Asia/Kolkata', '2026-06-01T00:00:00Z'],
  ['America/Vancouver', '2026-03-08T10:00:00Z'],
]

let test: TestDatabase
beforeAll(async () => {
  test = await makeDatabase()
})
afterAll(() => test.connection.close())

const callerOf = (project: Project) => ({
  project,
  account: null,
  receivedAt: Date.parse('2026-12-01T00:00:00Z'),
  userAgent: null,
})

let made = 0
async function makeProject(timezone: string): Promise<Project> {
  made += 1
  return (await insertProject(test.connection.db, { name: `${timezone} ${made}`, timezone })) as Project
}

/** Records of all kinds at each of some times, each by a user of its own. */
async function recordAt(project: Project, times: number[]) {
  const records = times.flatMap((at, nth) => {
    const common = { userId: `u${nth}`, occurredAt: new Date(at).toISOString(), properties: { all: 'yes' } }
    return [
      { kind: 'event', name: 'n', ...common },
      { kind: 'feature', feature: 'f', action: 'used', ...common },
      { kind: 'stage', funnel: 'F', stage: 's', stageOrder: 1, ...common },
      { kind: 'step', journey: 'J', step: 't', ...common },
      { kind: 'response', survey: 'nps', score: 9, ...common },
    ]
  })
  for (let from = 0; from < records.length; from += 1_000)
    await recordEvents(
      trackBatch.input.parse({ records: records.slice(from, from + 1_000) }),
      callerOf(project),
    )
}

type Asked = { from: string; to: string } & Record<string, string>

/** The series of each kind of record, and the cohorts. */
async function seriesOf(project: Project, asked: Asked, interval: LocalInterval) {
  const caller = callerOf(project)
  const query = { ...asked, interval }
  const counted = <Point extends { at: string }>(points: Point[], count: (point: Point) => number) =>
    points.map((point) => [point.at, count(point)] as const)
  const events = await analyzeEvents(getEventAnalytics.input.parse(query), caller)
  const features = await measureFeatures(getFeatureStats.input.parse(query), caller)
  const funnel = await analyzeFunnel(getFunnelAnalytics.input.parse({ ...query, funnel: 'F' }), caller)
  const journeys = await analyzeJourneys(getJourneyAnalytics.input.parse(query), caller)
  const scores = await measureSatisfaction(
    getSatisfactionMetrics.input.parse({ ...query, survey: 'nps' }),
    caller,
  )
  return {
    events: counted(events.series, (point) => point.events),
    users: counted(events.series, (point) => point.users),
    features: counted(features.features[0]?.series ?? [], (point) => point.records),
    funnel: counted(funnel.series, (point) => point.entered),
    journeys: counted(journeys.series, (point) => point.started),
    scores: counted(scores.series, (point) => point.responses),
    ...(interval !== 'hour' && {
      retention: counted(
        (await findRetention(getRetention.input.parse(query), caller)).cohorts,
        (cohort) => cohort.users,
      ),
    }),
  }
}

function expectedOf(times: number[], interval: LocalInterval, zone: string): [at: string, count: number][] {
  const names = new Map<string, [at: number, count: number]>()
  for (const at of times) {
    const name = intervalName(at, interval, zone)
    const [first, count] = names.get(name) ?? [at, 0]
    names.set(name, [first, count + 1])
  }
  return [...names.values()].map(([at, count]) => [new Date(at).toISOString(), count])
}

describe('every number is by the same clock, which is the one on the wall', () => {
  it.each(changes.filter((_, index) => all || index % 2 === 0))('%s, %s', async (zone, change) => {
    const project = await makeProject(zone)
    const middle = Date.parse(change)
    const around = Array.from({ length: 6 * 96 }, (_, nth) => middle - 3 * DAY + nth * QUARTER)
    const dates = [...new Set(around.map((at) => intervalName(at, 'day', zone)))].slice(1, -1)
    // Whole days, so that whatever begins in them begins with a record.
    const times = around.filter((at) => dates.includes(intervalName(at, 'day', zone)))
    await recordAt(project, times)
    const whole = { from: dates[0] as string, to: dates.at(-1) as string }
    const ask = async () => {
      for (const interval of ['hour', 'day'] as const) {
        const expected = expectedOf(times, interval, zone)
        for (const [kind, found] of Object.entries(await seriesOf(project, whole, interval)))
          expect(found, `${kind} by ${interval}`).toEqual(expected)
      }
      for (const interval of ['week', 'month'] as const) {
        const expected = expectedOf(times, interval, zone)
        for (const [kind, found] of Object.entries(await seriesOf(project, whole, interval))) {
          expect(
            found.map(([at, count]) => [intervalName(at, interval, zone), count]),
            `${kind} by ${interval}`,
          ).toEqual(expected.map(([at, count]) => [intervalName(at, interval, zone), count]))
          const before = intervalName(Date.parse(found[0]?.[0] as string) - QUARTER, interval, zone)
          expect(before).not.toBe(intervalName(found[0]?.[0] as string, interval, zone))
        }
      }
      for (const date of dates) {
        const count = times.filter((at) => intervalName(at, 'day', zone) === date).length
        for (const filter of [{}, { 'property.all': 'yes' }]) {
          const asked = getEventAnalytics.input.parse({ from: date, to: date, ...filter })
          const { totals, series } = await analyzeEvents(asked, callerOf(project))
          expect([totals.events, totals.users], date).toEqual([count, count])
          expect(
            series.reduce((sum, { events }) => sum + events, 0),
            date,
          ).toBe(count)
        }
      }
    }
    await ask()
    await rollUp(test.connection.db)
    await ask()
  })
})

it('has one clock for a range and its days, whatever PostgreSQL knows of the zone', async () => {
  const project = await makeProject('America/Vancouver')
  const at = (time: string, count: number) => Array.from({ length: count }, () => Date.parse(time))
  await recordAt(project, at('2026-11-24T19:00:00Z', 5))
  await recordAt(project, at('2026-11-25T19:00:00Z', 6))
  const asked = { from: '2026-11-24', to: '2026-11-24', interval: 'day' }
  const { totals, series } = await analyzeEvents(getEventAnalytics.input.parse(asked), callerOf(project))
  expect(totals.events).toBe(5)
  expect(series.map(({ events }) => events)).toEqual([5])
})

it('cuts the days of rollups as all others, at each change of every zone', async () => {
  const zones = new Map(Intl.supportedValuesOf('timeZone').map((name) => [timeZoneOf(name).version, name]))
  const wrong: string[] = []
  for (const [index, zone] of [...zones.values()].entries()) {
    if (!all && index % 24 !== 0) continue
    const { changes, offsets } = timeZoneOf(zone)
    const around = (changes.length > 0 ? changes : [Date.UTC(2026, 2, 1)]).flatMap((change) =>
      [-25, -24, -1, -0.25, 0, 0.25, 0.5, 1, 2, 23, 24, 71, 167].map((hours) => change + hours * 4 * QUARTER),
    )
    const rows = await test.connection.db.execute<Record<'at' | 'day' | 'half_week' | 'week', string>>(sql`
      select t.at::text as at, (${rolledStart('day', sql`t.at`)})::text as day,
        (${rolledStart('half_week', sql`t.at`)})::text as half_week, (${rolledStart('week', sql`t.at`)})::text as week
      from unnest(${`{${around.map((at) => new Date(at).toISOString())}}`}::timestamptz[]) as t (at)
      cross join (select ${`{${changes.map((at) => new Date(at).toISOString())}}`}::timestamptz[] as zone_changes,
        ${`{${offsets.map((ms) => ms / 1000)}}`}::int[] as zone_offsets) p`)
    for (const { at, ...starts } of rows)
      for (const [grain, start] of Object.entries(starts))
        if (startOf(grain as Grain, Date.parse(at), zone) !== Date.parse(start))
          wrong.push(`${zone}: ${grain} of ${at} is not from ${start}`)
  }
  expect(wrong).toEqual([])
})

it('makes the rollups anew when a zone is known otherwise by now', async () => {
  const project = await makeProject('Europe/Berlin')
  await recordAt(project, [Date.parse('2026-11-24T23:30:00Z')])
  await rollUp(test.connection.db)
  const days = async () =>
    (
      await test.connection.db.execute<{ day: string }>(sql`
        select distinct at::text as day from rollup_counts where project_id = ${project.id} and grain = 'day'`)
    ).map(({ day }) => day)
  expect(await days()).toEqual(['2026-11-24 23:00:00+00'])
  await test.connection.db.execute(sql`
    update rollup_projects set zone_version = 'of another Node.js' where project_id = ${project.id}`)
  await test.connection.db.execute(sql`
    update rollup_counts set at = at + interval '1 hour' where project_id = ${project.id} and grain = 'day'`)
  const asked = getEventAnalytics.input.parse({ from: '2026-11-25', to: '2026-11-25', interval: 'day' })
  const totals = async () => (await analyzeEvents(asked, callerOf(project))).totals.events
  expect(await totals()).toBe(1)
  await advanceRollups(test.connection.db)
  expect(await days()).toEqual(['2026-11-24 23:00:00+00'])
  expect(await totals()).toBe(1)
})
