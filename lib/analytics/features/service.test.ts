import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertProject } from '@/db/queries/access/projects'
import type { Project, ProjectCaller } from '@/lib/access/caller'
import { trackBatch } from '@/lib/analytics/events/contract'
import { recordEvents } from '@/lib/analytics/events/service'
import { getFeatureStats } from '@/lib/analytics/features/contract'
import { measureFeatures } from '@/lib/analytics/features/service'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'
import { onRandomSets } from '@/scripts/test/random-sets'
import { rollUp } from '@/scripts/test/roll-up'
import { intervalName, intervalNames } from '@/scripts/test/wall-clock'

/** Features against a slow and obvious reference, on random data, whatever part of it the rollups hold. */

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

const START = Date.parse('2026-03-27T00:00:00Z')
/** Some days, and more than a week: one begins and one ends within the data. */
const ranges = [
  { from: '2026-03-28T22:15:00.000Z', to: '2026-03-30T23:45:00.000Z' },
  { from: '2026-03-14T21:00:00.000Z', to: '2026-03-30T22:00:00.000Z' },
  { from: '2026-03-29T00:00:00.000Z', to: '2026-04-12T23:45:00.000Z' },
]
const [{ from }] = ranges as [(typeof ranges)[0]]

const maybe = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined })
const common = {
  id: fc.constant(null).map(() => randomUUID() as string),
  userId: fc.constantFrom('a', 'b', 'c', 'd'),
  device: maybe('mobile', 'desktop'),
  properties: fc.record({ plan: maybe('free', 'pro') }, { requiredKeys: [] }),
  // Around a change of clocks in Berlin, out of order, with ties.
  occurredAt: fc
    .integer({ min: 0, max: 5 * 96 })
    .map((quarter) => new Date(START + quarter * 900_000).toISOString()),
}
const uses = fc.array(
  fc.record({
    kind: fc.constant('feature'),
    ...common,
    feature: fc.constantFrom('x', 'y', 'z'),
    category: maybe('c1', 'c2'),
    action: fc.constantFrom('opened', 'used', 'completed'),
    durationMs: fc.option(fc.integer({ min: 0, max: 9_000 }), { nil: undefined }),
    success: maybe(true, false),
    error: maybe(...Array.from({ length: 12 }, (_, index) => `error ${index}`)),
  }),
  { maxLength: 60 },
)
const others = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('event'), ...common, name: fc.constant('n') }),
    fc.record({
      kind: fc.constant('stage'),
      ...common,
      funnel: fc.constant('f'),
      stage: fc.constant('s'),
      stageOrder: fc.constant(1),
    }),
    fc.record({ kind: fc.constant('step'), ...common, journey: fc.constant('j'), step: fc.constant('s') }),
    fc.record({
      kind: fc.constant('response'),
      ...common,
      survey: fc.constant('nps'),
      score: fc.constant(9),
    }),
  ),
  { maxLength: 8 },
)

const standard = {
  device: fc.constant('mobile'),
  name: fc.constant('x'),
  action: fc.constant('used'),
  category: fc.constant('c1'),
}
/** Rollups cannot answer the last one. */
const filters: fc.Arbitrary<Filters> = fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  { weight: 3, arbitrary: fc.record(standard, { requiredKeys: [] }) },
  {
    weight: 1,
    arbitrary: fc.record(
      { ...standard, 'property.plan': fc.constant('pro') },
      { requiredKeys: ['property.plan'] },
    ),
  },
)

interface Filters {
  device?: string
  name?: string
  action?: string
  category?: string
  'property.plan'?: string
}

interface Common {
  id: string
  userId: string
  device?: string
  properties: { plan?: string }
  occurredAt: string
}
interface Use extends Common {
  feature: string
  category?: string
  action: string
  durationMs?: number
  success?: boolean
  error?: string
}

const near = (value: number | null): number | null =>
  value === null ? null : (expect.closeTo(value, 8) as number)
const distinct = (values: unknown[]) => new Set(values).size
const ratio = (part: number, of: number) => near(of === 0 ? null : part / of)

function percentile(values: number[], at: number): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  if (sorted.length === 0) return null
  const place = (sorted.length - 1) * at
  const [low, high] = [sorted[Math.floor(place)] as number, sorted[Math.ceil(place)] as number]
  return near(low + (high - low) * (place - Math.floor(place)))
}

function group<T>(items: T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item])
  return groups
}

function countUses(hit: Use[], activeUsers: number) {
  const by = (action: string) => hit.filter((use) => use.action === action).length
  const durations = hit.flatMap((use) => use.durationMs ?? [])
  const said = hit.filter((use) => use.success !== undefined)
  const users = distinct(hit.map((use) => use.userId))
  return {
    opened: by('opened'),
    used: by('used'),
    completed: by('completed'),
    users,
    adoptionRate: ratio(users, activeUsers),
    successRate: ratio(said.filter((use) => use.success).length, said.length),
    durationMs: { p50: percentile(durations, 0.5), p90: percentile(durations, 0.9) },
  }
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

function describeFeature(hit: Use[]) {
  const named = hit
    .filter((use) => use.category !== undefined)
    .sort(
      (a, b) => compare(b.occurredAt, a.occurredAt) || compare(a.category as string, b.category as string),
    )
  const messages = [
    ...group(
      hit.filter((use) => use.error !== undefined),
      (use) => use.error as string,
    ),
  ]
  return {
    category: named[0]?.category ?? null,
    errors: messages
      .map(([message, all]) => ({ message, count: all.length }))
      .sort((a, b) => b.count - a.count || compare(a.message, b.message))
      .slice(0, 10),
  }
}

const byUsers = <T extends { users: number }>(items: T[], key: (item: T) => string | null) =>
  [...items].sort((a, b) => b.users - a.users || compare(key(a) ?? '~', key(b) ?? '~'))

describe('feature statistics', () => {
  it('equal a reference on 200 random data sets', async () => {
    await onRandomSets(
      200,
      test.connection.db,
      [
        uses,
        others,
        fc.constantFrom('UTC', 'Europe/Berlin'),
        fc.constantFrom('hour' as const, 'day' as const, 'week' as const, 'month' as const),
        filters,
        fc.constantFrom('property.plan', 'category', 'action', 'device'),
        fc.constantFrom(...ranges),
        fc.record({ zone: fc.constantFrom('UTC', 'UTC', 'Europe/Berlin'), first: fc.nat(80) }),
      ],
      async (
        rolledUp,
        uses,
        others,
        timezone,
        interval,
        filters: Filters,
        breakdown,
        { from, to },
        { zone, first },
      ) => {
        const project = (await insertProject(test.connection.db, {
          name: randomUUID(),
          timezone: zone,
        })) as Project
        const all = [...others, ...uses]
        const send = async (records: object[]) => {
          if (records.length > 0) await recordEvents(trackBatch.input.parse({ records }), caller(project))
        }
        // What is sent first is in the rollups, what is sent after is not, and some is sent again.
        await send(all.slice(0, first))
        await rolledUp()
        await send([...all.slice(0, 5), ...all.slice(first)])
        const answer = await measureFeatures(
          getFeatureStats.input.parse({
            from,
            to,
            timezone,
            interval,
            breakdown,
            compare: 'previous',
            ...filters,
          }),
          caller(project),
        )

        const within = <T extends Common>(all: T[], from: string, to: string) =>
          all.filter(
            (one) =>
              one.occurredAt >= from &&
              one.occurredAt < to &&
              (filters.device === undefined || one.device === filters.device) &&
              (filters['property.plan'] === undefined || one.properties.plan === filters['property.plan']),
          )
        const measure = (from: string, to: string) => {
          const sent = within(uses as Use[], from, to)
          const activeUsers = distinct(
            [...sent, ...within(others as Common[], from, to)].map((one) => one.userId),
          )
          const hit = sent.filter(
            (use) =>
              (filters.name === undefined || use.feature === filters.name) &&
              (filters.action === undefined || use.action === filters.action) &&
              (filters.category === undefined || use.category === filters.category),
          )
          const features = [...group(hit, (use) => use.feature)].map(([name, of]) => ({
            name,
            of,
            ...countUses(of, activeUsers),
          }))
          return { activeUsers, hit, features: byUsers(features, ({ name }) => name) }
        }
        const names = intervalNames(from, to, interval, timezone)
        const named = (at: string) => intervalName(at, interval, timezone)
        const now = measure(from, to)
        expect({
          activeUsers: answer.activeUsers,
          features: answer.features.map((feature) => ({
            ...feature,
            series: feature.series.map((point) => ({ ...point, at: named(point.at) })),
          })),
        }).toEqual({
          activeUsers: now.activeUsers,
          features: now.features.map(({ of, ...feature }) => ({
            ...feature,
            ...describeFeature(of),
            series: names.map((at) => {
              const inside = of.filter((use) => named(use.occurredAt) === at)
              return { at, records: inside.length, users: distinct(inside.map((use) => use.userId)) }
            }),
          })),
        })
        const value = (use: Use) =>
          breakdown === 'property.plan'
            ? use.properties.plan
            : use[breakdown as 'category' | 'action' | 'device']
        const groups = [...group(now.hit, (use) => value(use) ?? '~')].map(([value, of]) => ({
          value: value === '~' ? null : value,
          ...countUses(of, now.activeUsers),
        }))
        expect(answer.breakdown).toEqual(byUsers(groups, ({ value }) => value))
        // As long as the range.
        const previousFrom = new Date(2 * Date.parse(from) - Date.parse(to)).toISOString()
        const before = measure(previousFrom, from)
        expect(answer.previous).toEqual({
          from: previousFrom,
          to: from,
          activeUsers: before.activeUsers,
          features: before.features.map(({ of: _, ...feature }) => feature),
        })
      },
    )
  })

  it('lists as many as asked for, and refuses more points than anyone can draw', async () => {
    const project = (await insertProject(test.connection.db, { name: randomUUID() })) as Project
    const records = Array.from({ length: 30 }, (_, index) => ({
      kind: 'feature',
      userId: 'a',
      feature: `feature ${String(index).padStart(2, '0')}`,
      action: 'used',
      occurredAt: from,
    }))
    await recordEvents(trackBatch.input.parse({ records }), caller(project))
    await rollUp(test.connection.db)
    const ask = (query: object) => measureFeatures(getFeatureStats.input.parse(query), caller(project))
    const few = await ask({ from: '2026-03-28', to: '2026-03-29', limit: '2' })
    expect(few.features.map(({ name }) => name)).toEqual(['feature 00', 'feature 01'])
    const long = { from: '2025-10-01', to: '2026-04-01', interval: 'hour' }
    await expect(ask(long)).rejects.toMatchObject({ status: 422, errors: [{ path: 'interval' }] })
    expect((await ask({ ...long, limit: '3' })).features).toHaveLength(3)
  })
})
