import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertProject } from '@/db/queries/access/projects'
import type { Project, ProjectCaller } from '@/lib/access/caller'
import { trackBatch } from '@/lib/analytics/events/contract'
import { recordEvents } from '@/lib/analytics/events/service'
import { getJourneyAnalytics, listJourneyRuns } from '@/lib/analytics/journeys/contract'
import { analyzeJourneys, findJourneyRuns } from '@/lib/analytics/journeys/service'
import {
  groupBy,
  measure,
  type Run,
  type Sent,
  seriesOf,
  sessionRuns,
  trackedRuns,
} from '@/lib/analytics/journeys/service.reference'
import { sentSteps, sentViews } from '@/lib/analytics/journeys/service.samples'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'
import { onRandomSets } from '@/scripts/test/random-sets'

/** Journeys against a slow and obvious reference, on random data. */

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

const from = '2026-03-29T00:15:00.000Z'
const to = '2026-03-30T22:00:00.000Z'
/** The second one, and the range before it, hold a whole day, as rollups do. */
const ranges = [
  { previousFrom: '2026-03-27T02:30:00.000Z', from, to, days: 2 },
  { previousFrom: '2026-03-26T23:00:00.000Z', from: '2026-03-28T22:30:00.000Z', to, days: 3 },
]

/**
 * Stores the records in their random order, in two requests, the second of which repeats some. The first ones are rolled
 * up before the second.
 */
async function recordAll(sent: Sent[], rolledUp: () => Promise<void>): Promise<Project> {
  const project = (await insertProject(test.connection.db, { name: randomUUID() })) as Project
  const records = sent.map((one) => withoutUndefined({ kind: one.journey ? 'step' : 'event', ...one }))
  const parts = [records.slice(30), [...records.slice(0, 30), ...records.slice(-9)]]
  for (const part of parts) {
    if (part.length > 0) {
      const receipt = await recordEvents(trackBatch.input.parse({ records: part }), caller(project))
      expect(receipt.rejected).toEqual([])
    }
    if (part === parts[0]) await rolledUp()
  }
  return project
}

const withoutUndefined = (record: object): object => JSON.parse(JSON.stringify(record))

interface Filter {
  userId?: string
  sessionId?: string
  device?: string
  'property.plan'?: string
}
const filters: fc.Arbitrary<Filter> = fc.oneof(
  fc.constant({}),
  fc.record(
    {
      userId: fc.constant('u'),
      sessionId: fc.constant('s'),
      device: fc.constant('mobile'),
      'property.plan': fc.constant('pro'),
    },
    { requiredKeys: [] },
  ),
)

const within = (runs: Run[], from: string, to: string, filter: Filter) =>
  runs.filter(
    ({ first, userId, started }) =>
      started >= Date.parse(from) &&
      started < Date.parse(to) &&
      (filter.userId ?? userId) === userId &&
      (filter.sessionId ?? first.sessionId) === first.sessionId &&
      (filter.device ?? first.device) === first.device &&
      (filter['property.plan'] ?? first.properties.plan) === first.properties.plan,
  )

/** Numbers to eight places, since divisions and interpolations may differ in the last bits. */
const near = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, one) => (typeof one === 'number' ? Number(one.toFixed(8)) : one)))

const dimensions: Record<string, (first: Sent) => string | null> = {
  device: (first) => first.device ?? null,
  'property.plan': (first) => first.properties.plan ?? null,
}

const questions = (prefix: string) =>
  fc.record(
    {
      start: fc.constantFrom(`${prefix}a`, `${prefix}b`),
      end: fc.constantFrom(`${prefix}a`, `${prefix}c`),
      limit: fc.constantFrom(2, 100),
      journey: fc.constant('trading'),
    },
    { requiredKeys: [] },
  )

const compareAll = (source: 'steps' | 'events', data: fc.Arbitrary<Sent[]>, prefix: string) =>
  onRandomSets(
    200,
    test.connection.db,
    [
      data,
      questions(prefix),
      filters,
      fc.constantFrom(...Object.keys(dimensions)),
      fc.constantFrom('UTC', 'UTC', 'Europe/Berlin'),
      fc.constantFrom(...ranges),
    ],
    async (rolledUp, sent, { limit = 20, journey, ...anchors }, filter, breakdown, timezone, range) => {
      const { from, to, previousFrom, days } = range
      const project = await recordAll(sent, rolledUp)
      const answer = getJourneyAnalytics.output.parse(
        await analyzeJourneys(
          getJourneyAnalytics.input.parse({
            ...{ from, to, timezone, source, breakdown, interval: 'day', compare: 'previous', limit },
            ...(journey && { journey }),
            ...anchors,
            ...filter,
          }),
          caller(project),
        ),
      )
      const runsOf = (from: string, to: string) => {
        const runs =
          source === 'events'
            ? sessionRuns(sent, from, to)
            : trackedRuns(sent).filter(({ first }) => first.journey === (journey ?? first.journey))
        return within(runs, from, to, filter)
      }
      const asked = { source, ...anchors }
      const expected = measure(
        runsOf(from, to),
        asked,
        dimensions[breakdown] as (first: Sent) => string | null,
        limit,
      )
      const {
        series,
        previous,
        journeys,
        from: _from,
        to: _to,
        timezone: _,
        asOf,
        readFrom,
        ...numbers
      } = answer
      expect(readFrom).toBe('leader')
      expect(near(numbers)).toEqual(near({ interval: 'day', ...expected }))
      const at = series.map((point) => point.at)
      expect(series).toHaveLength(days)
      expect(near(series)).toEqual(near(seriesOf(runsOf(from, to), asked, at)))
      const before = runsOf(previousFrom, from)
      const { started, completed, completionRate, durationMs } = measure(before, asked, () => null, 1)
      expect(near(previous)).toEqual(
        near({
          from: previousFrom,
          to: from,
          ...{ started, completed, completionRate, durationMs },
          series: seriesOf(before, asked, previous?.series.map((point) => point.at) ?? []),
        }),
      )
      const tracked = groupBy(within(trackedRuns(sent), from, to, filter), ({ first }) => first.journey)
      expect(Object.fromEntries(journeys.map((one) => [one.name, one.started]))).toEqual(
        Object.fromEntries(tracked.map((runs) => [runs[0]?.first.journey, runs.length])),
      )
      expectFlow(answer.links)
    },
  )

/** What comes to a step of a position also leaves it or ends there. */
function expectFlow(links: { position: number; from: string; to: string | null; count: number }[]) {
  const sum = (some: typeof links) => some.reduce((total, { count }) => total + count, 0)
  for (const { position, to } of links.filter((link) => link.to !== null && link.position < 6)) {
    const into = links.filter((link) => link.position === position && link.to === to)
    const out = links.filter((link) => link.position === position + 1 && link.from === to)
    expect(sum(out)).toBe(sum(into))
  }
}

describe('journey analytics', () => {
  it('equal a reference on 200 random data sets of steps', async () => {
    await compareAll('steps', sentSteps(), '')
  })

  it('equal a reference on 200 random data sets of page views', async () => {
    await compareAll('events', sentViews(), '/')
  })
})

describe('a flow chart', () => {
  it('names the eight most frequent steps of a position, and the rest Other', async () => {
    const project = (await insertProject(test.connection.db, { name: randomUUID() })) as Project
    const records = [...'abbcdefghijk'].flatMap((step, run) =>
      [step, 'z', step].slice(0, step < 'k' ? 3 : 1).map((step, minute) => ({
        ...{ kind: 'step', userId: 'u', journey: 'onboarding', runId: `${run}`, step },
        occurredAt: new Date(Date.parse('2026-03-29T12:00:00Z') + minute * 60_000).toISOString(),
      })),
    )
    await recordEvents(trackBatch.input.parse({ records }), caller(project))
    const { links } = await analyzeJourneys(getJourneyAnalytics.input.parse({ from, to }), caller(project))
    const one = (position: number, from: string, to: string | null, count = 1) => ({
      position,
      from,
      to,
      count,
    })
    const named = [...'acdefgh']
    expect(links).toEqual([
      ...[one(1, 'Other', 'z', 2), one(1, 'b', 'z', 2), one(1, 'Other', null)],
      ...named.map((step) => one(1, step, 'z')),
      ...[one(2, 'z', 'Other', 2), one(2, 'z', 'b', 2), ...named.map((step) => one(2, 'z', step))],
      ...[one(3, 'Other', null, 2), one(3, 'b', null, 2), ...named.map((step) => one(3, step, null))],
    ])
  })
})

describe('the list of runs', () => {
  it('equals a reference on 200 random data sets', async () => {
    const questions = fc.record(
      {
        journey: fc.constant('trading'),
        runId: fc.constant('1'),
        completed: fc.constantFrom('true', 'false'),
      },
      { requiredKeys: [] },
    )
    await onRandomSets(
      200,
      test.connection.db,
      [sentSteps(), questions, filters],
      async (rolledUp, sent, question, filter) => {
        const project = await recordAll(sent, rolledUp)
        const expected = within(trackedRuns(sent), from, to, filter)
          .filter(
            ({ first, completedAt }) =>
              (question.journey ?? first.journey) === first.journey &&
              (question.runId ?? first.runId) === first.runId &&
              (question.completed ?? `${completedAt !== null}`) === `${completedAt !== null}`,
          )
          .sort((a, b) =>
            a.started !== b.started
              ? b.started - a.started
              : `${a.userId} ${a.first.id}` < `${b.userId} ${b.first.id}`
                ? 1
                : -1,
          )
          .map(toItem)
        const seen = []
        let cursor: string | undefined
        do {
          const page = await findJourneyRuns(
            listJourneyRuns.input.parse({
              ...{ from, to, limit: '3', ...question, ...filter },
              ...(cursor && { cursor }),
            }),
            caller(project),
          )
          seen.push(...listJourneyRuns.output.parse(page).items)
          cursor = page.nextCursor ?? undefined
        } while (cursor)
        expect(seen).toEqual(expected)
      },
    )
  })
})

const iso = (at: number) => new Date(at).toISOString()

function toItem({ first, visits, started, completedAt, length }: Run) {
  return {
    journey: first.journey,
    runId: first.runId,
    userId: first.userId,
    path: visits.map(({ step }) => step),
    steps: visits.map(({ step, at }, index) => {
      const left = visits[index + 1]?.at ?? completedAt
      return {
        step,
        at: iso(at),
        previous: visits[index - 1]?.step ?? null,
        next: visits[index + 1]?.step ?? null,
        timeOnStepMs: left === null ? null : left - at,
      }
    }),
    startedAt: iso(started),
    completedAt: completedAt === null ? null : iso(completedAt),
    durationMs: length,
  }
}
