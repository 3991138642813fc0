import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertProject } from '@/db/queries/access/projects'
import type { Project, ProjectCaller } from '@/lib/access/caller'
import { trackBatch } from '@/lib/analytics/events/contract'
import { recordEvents } from '@/lib/analytics/events/service'
import { getSatisfactionMetrics, listResponses, scoreRange } from '@/lib/analytics/satisfaction/contract'
import { findResponses, measureSatisfaction } from '@/lib/analytics/satisfaction/service'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'
import { onRandomSets } from '@/scripts/test/random-sets'
import { intervalName, intervalNames } from '@/scripts/test/wall-clock'

/** Scores against a slow and obvious reference, on random data, whatever part of it the rollups hold. */

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

type Survey = keyof typeof scoreRange
interface Sent {
  id: string
  userId: string
  survey: Survey
  score: number
  question?: string
  response?: string
  device?: string
  properties: { plan?: string }
  context?: Record<string, unknown>
  occurredAt: string
}

const START = Date.parse('2026-03-27T00:00:00Z')
const QUARTER = 900_000
/** The range before begins within the data, and some records are later than the range; and more than a week. */
const ranges = [
  { from: '2026-03-29T00:15:00.000Z', to: '2026-03-30T22:00:00.000Z' },
  { from: '2026-03-15T12:00:00.000Z', to: '2026-03-30T23:15:00.000Z' },
]
const [{ from, to }] = ranges as [(typeof ranges)[0]]

/** Different, and in an order that says nothing. */
const idOf = (index: number) =>
  `${((index * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`

const maybe = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined })
const responses: fc.Arbitrary<Sent[]> = fc
  .array(
    fc
      .record({
        userId: fc.constantFrom('a', 'b', 'c'),
        survey: fc.constantFrom<Survey>('nps', 'nps', 'csat', 'ces'),
        score: fc.integer({ min: 0, max: 10 }),
        question: maybe('Why?', 'How?'),
        response: maybe('', 'Good Value', 'value: 100% good', 'BAD_value', 'Großes Übel', 'a\\b bad'),
        device: maybe('mobile', 'desktop'),
        properties: fc.record({ plan: maybe('free', 'pro') }),
        context: fc.option(fc.record({ area: maybe('cart', 'help'), step: maybe(1, 2) }), { nil: undefined }),
        occurredAt: fc
          .integer({ min: 0, max: 5 * 96 })
          .map((quarter) => new Date(START + quarter * QUARTER).toISOString()),
      })
      .map((sent) => {
        const [least, most] = scoreRange[sent.survey]
        return { ...sent, score: Math.min(most, Math.max(least, sent.score)) }
      }),
    { maxLength: 60, size: 'max' },
  )
  .map((sent) => sent.map((one, index) => ({ id: idOf(index), ...one })))

/** In two requests, the second of which repeats some; what the first one sends is in the rollups, if asked for. */
async function recordAll(
  sent: Sent[],
  first = 20,
  zone?: string,
  rolledUp?: () => Promise<void>,
): Promise<Project> {
  const project = (await insertProject(test.connection.db, {
    name: randomUUID(),
    ...(zone && { timezone: zone }),
  })) as Project
  const records = sent.map((one) => ({ kind: 'response', ...one }))
  const send = async (part: object[]) => {
    if (part.length > 0) await recordEvents(trackBatch.input.parse({ records: part }), caller(project))
  }
  await send(records.slice(first))
  await rolledUp?.()
  await send([...records.slice(0, first), ...records.slice(-9)])
  return project
}

const keepWithin = (sent: Sent[], from: string, to: string) =>
  sent.filter(({ occurredAt }) => occurredAt >= from && occurredAt < to)

function scoreOf(survey: Survey, scores: number[]): number | null {
  const percent = (test: (score: number) => boolean) => (100 * scores.filter(test).length) / scores.length
  if (scores.length === 0) return null
  if (survey === 'nps') return near(percent((score) => score > 8) - percent((score) => score < 7))
  if (survey === 'csat') return near(percent((score) => score >= 4))
  return meanOf(scores)
}

const near = (value: number): number => expect.closeTo(value, 8) as number
const meanOf = (scores: number[]) =>
  scores.length === 0 ? null : near(scores.reduce((a, b) => a + b, 0) / scores.length)

function describeScores(survey: Survey, hit: Sent[]) {
  const scores = hit.map(({ score }) => score)
  return { responses: hit.length, score: scoreOf(survey, scores), average: meanOf(scores) }
}

function describeRange(survey: Survey, hit: Sent[]) {
  const [least, most] = scoreRange[survey]
  const many = (test: (score: number) => boolean) => hit.filter(({ score }) => test(score)).length
  const distribution = []
  for (let score = least as number; score <= most; score += 1)
    distribution.push({ score, count: many((one) => one === score) })
  return {
    ...describeScores(survey, hit),
    ...(survey === 'nps' && {
      promoters: many((score) => score >= 9),
      passives: many((score) => score === 7 || score === 8),
      detractors: many((score) => score <= 6),
    }),
    distribution,
  }
}

const describeSeries = (survey: Survey, hit: Sent[], points: { at: string }[]) =>
  points.map(({ at }, index) => {
    const next = points[index + 1]?.at ?? '9'
    const { score, responses } = describeScores(
      survey,
      hit.filter(({ occurredAt }) => occurredAt >= at && occurredAt < next),
    )
    return { at, score, responses }
  })

const dimensions: Record<string, (one: Sent) => string | null> = {
  question: (one) => one.question ?? null,
  device: (one) => one.device ?? null,
  'property.plan': (one) => one.properties.plan ?? null,
  'context.step': (one) => (one.context?.step === undefined ? null : String(one.context.step)),
}

const filters = fc.record(
  {
    userId: fc.constant('a'),
    device: fc.constant('mobile'),
    question: fc.constant('Why?'),
    'property.plan': fc.constant('pro'),
    'context.area': fc.constant('cart'),
  },
  { requiredKeys: [] },
)
/** Mostly none or one, so that something is left. */
const someFilters = fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 3, arbitrary: filters })

const matchesAll = (one: Sent, filter: Record<string, string>) =>
  (filter.userId === undefined || one.userId === filter.userId) &&
  (filter.device === undefined || one.device === filter.device) &&
  (filter.question === undefined || one.question === filter.question) &&
  (filter['property.plan'] === undefined || one.properties.plan === filter['property.plan']) &&
  (filter['context.area'] === undefined || one.context?.area === filter['context.area'])

describe('satisfaction', () => {
  it('equals a reference on 200 random data sets', async () => {
    await onRandomSets(
      200,
      test.connection.db,
      [
        responses,
        fc.constantFrom<Survey>('nps', 'csat', 'ces'),
        fc.constantFrom(...Object.keys(dimensions)),
        someFilters,
        fc.constantFrom('UTC', 'Europe/Berlin'),
        fc.constantFrom('hour' as const, 'day' as const, 'day' as const, 'month' as const),
        fc.constantFrom(...ranges),
        fc.record({ first: fc.nat(60), zone: fc.constantFrom('UTC', 'UTC', 'Europe/Berlin') }),
      ],
      async (
        rolledUp,
        sent,
        survey,
        breakdown,
        filter,
        timezone,
        interval,
        { from, to },
        { first, zone },
      ) => {
        const project = await recordAll(sent, first, zone, rolledUp)
        const previousFrom = new Date(2 * Date.parse(from) - Date.parse(to)).toISOString()
        const hit = sent.filter((one) => one.survey === survey && matchesAll(one, filter))
        const now = keepWithin(hit, from, to)
        const before = keepWithin(hit, previousFrom, from)
        const answer = await measureSatisfaction(
          getSatisfactionMetrics.input.parse({
            ...{ from, to, timezone, survey, breakdown, interval, compare: 'previous' },
            ...filter,
          }),
          caller(project),
        )
        expect(answer).toMatchObject({ survey, ...describeRange(survey, now) })
        expect('promoters' in answer).toBe(survey === 'nps')
        const named = (points: { at: string }[]) =>
          points.map(({ at }) => intervalName(at, interval, timezone))
        expect(named(answer.series)).toEqual(intervalNames(from, to, interval, timezone))
        expect(answer.series).toEqual(describeSeries(survey, now, answer.series))
        const { previous } = answer
        if (!previous) throw new Error('previous is missing')
        expect(previous).toEqual({
          from: previousFrom,
          to: from,
          ...describeRange(survey, before),
          series: describeSeries(survey, before, previous.series),
        })
        expect(named(previous.series)).toEqual(intervalNames(previousFrom, from, interval, timezone))

        const dimension = dimensions[breakdown] as (one: Sent) => string | null
        const groups = [...new Set(now.map(dimension))].map((value) => ({
          value,
          ...describeScores(
            survey,
            now.filter((one) => dimension(one) === value),
          ),
        }))
        const last = '\uffff'
        expect(answer.breakdown).toEqual(
          groups.sort((a, b) =>
            a.responses !== b.responses
              ? b.responses - a.responses
              : (a.value ?? last) < (b.value ?? last)
                ? -1
                : 1,
          ),
        )
        const keys = now.flatMap(({ context }) =>
          Object.keys(context ?? {}).filter((key) => context?.[key] !== undefined),
        )
        const times = (key: string) => keys.filter((one) => one === key).length
        expect(answer.contextKeys).toEqual(
          [...new Set(keys)].sort((a, b) => times(b) - times(a) || (a < b ? -1 : 1)),
        )
      },
    )
  })

  it('lists and searches texts like a reference on 200 random data sets', async () => {
    const questions = fc.record(
      {
        search: fc.constantFrom('value', 'good VALUE', '100%', 'd_v', '_', '%', '\\', 'übel  GROSSES', ' x'),
        survey: fc.constantFrom<Survey>('nps', 'ces'),
        scoreFrom: fc.constantFrom('0', '3'),
        scoreTo: fc.constantFrom('3', '8'),
      },
      { requiredKeys: [] },
    )
    await onRandomSets(
      200,
      test.connection.db,
      [responses, questions, someFilters],
      async (_, sent, question, filter) => {
        const project = await recordAll(sent)
        const words = question.search?.toLowerCase().split(' ') ?? []
        const expected = keepWithin(sent, from, to)
          .filter(
            (one) =>
              matchesAll(one, filter) &&
              one.response !== undefined &&
              one.response !== '' &&
              words.every((word) => one.response?.toLowerCase().includes(word)) &&
              one.survey === (question.survey ?? one.survey) &&
              one.score >= Number(question.scoreFrom ?? 0) &&
              one.score <= Number(question.scoreTo ?? 10),
          )
          .map((one) => `${one.occurredAt} ${one.userId} ${one.id}: ${one.score} ${one.response}`)
        const seen: string[] = []
        let cursor: string | undefined
        do {
          const page = await findResponses(
            listResponses.input.parse({
              from,
              to,
              ...question,
              ...filter,
              limit: '4',
              ...(cursor && { cursor }),
            }),
            caller(project),
          )
          const items = listResponses.output.parse(page).items
          seen.push(
            ...items.map((one) => `${one.occurredAt} ${one.userId} ${one.id}: ${one.score} ${one.response}`),
          )
          cursor = page.nextCursor ?? undefined
        } while (cursor)
        expect(seen).toEqual(expected.sort().reverse())
      },
    )
  })

  it('refuses a span of scores that ends before it begins', async () => {
    const input = listResponses.input.parse({ from, to, scoreFrom: '5', scoreTo: '4' })
    await expect(findResponses(input, caller(test.project))).rejects.toMatchObject({ status: 422 })
  })
})
