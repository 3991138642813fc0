import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertProject } from '@/db/queries/access/projects'
import type { Project, ProjectCaller } from '@/lib/access/caller'
import { trackBatch } from '@/lib/analytics/events/contract'
import { recordEvents } from '@/lib/analytics/events/service'
import { getFunnelAnalytics, listFunnels } from '@/lib/analytics/funnels/contract'
import { analyzeFunnel, findFunnels } from '@/lib/analytics/funnels/service'
import {
  breakdownFrom,
  type Pass,
  rates,
  rounded,
  seriesFrom,
  stagesFrom,
} from '@/lib/analytics/funnels/testing'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'
import { onRandomSets } from '@/scripts/test/random-sets'

/** Funnels of tracked stages against a slow and obvious reference, on random data. */

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

const HOUR = 3_600_000
const from = Date.parse('2026-03-28T00:00:00Z')
const to = Date.parse('2026-03-29T12:00:00Z')

interface Sent {
  id: string
  userId: string
  funnel: string
  runId?: string
  device?: string
  sessionId?: string
  properties: { plan?: string }
  occurredAt: string
  stage?: string
  stageOrder?: number
  completed?: true
}

const maybe = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined })

/** Mostly what is usual; now and then a stage with another order. */
const stages = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.constantFrom(
      { stage: 'cart', stageOrder: 2 },
      { stage: 'address', stageOrder: 5 },
      { stage: 'pickup', stageOrder: 5 },
      { stage: 'pay', stageOrder: 7 },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom({ stage: 'cart', stageOrder: 9 }, { stage: 'pay', stageOrder: 2 }),
  },
  { weight: 3, arbitrary: fc.constant({ completed: true as const }) },
)

const records = fc.uniqueArray(
  fc
    .tuple(
      fc.record({
        id: fc.uuid({ version: 4 }),
        userId: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
        funnel: fc.constantFrom('shop', 'shop', 'shop', 'other'),
        runId: maybe('r1', 'r2'),
        device: maybe('mobile', 'desktop'),
        sessionId: maybe('s1', 's2'),
        properties: fc.record({ plan: maybe('free', 'pro') }, { requiredKeys: [] }),
        // Before, in and after the range, with ties.
        occurredAt: fc
          .integer({ min: -6, max: 44 })
          .map((hours) => new Date(from + hours * HOUR).toISOString()),
      }),
      stages,
    )
    .map(([common, stage]): Sent => ({ ...common, ...stage })),
  { maxLength: 90, selector: (record) => record.id },
)

/** Where each stage has one order, rollups are enough. */
const isTidy = ({ stage, stageOrder }: Sent): boolean =>
  stageOrder !== 9 && !(stage === 'pay' && stageOrder === 2)

interface Question {
  strict: boolean
  windowMs?: number
  chosen: (record: Sent) => boolean
  value: (record: Sent) => string | undefined
}

const timeOf = (record: Sent) => Date.parse(record.occurredAt)

function compareRecords(a: Sent, b: Sent): number {
  return (
    timeOf(a) - timeOf(b) ||
    (a.stageOrder ?? Number.MAX_VALUE) - (b.stageOrder ?? Number.MAX_VALUE) ||
    (a.id < b.id ? -1 : 1)
  )
}

/** The runs of a funnel that begin in a range and are chosen, each as its records in order. */
function runsOf(
  sent: Sent[],
  funnel: string,
  begin: number,
  end: number,
  chosen: Question['chosen'],
): Sent[][] {
  const runs = new Map<string, Sent[]>()
  for (const record of sent.filter((one) => one.funnel === funnel)) {
    const key = `${record.userId} ${record.runId}`
    runs.set(key, [...(runs.get(key) ?? []), record].sort(compareRecords))
  }
  return [...runs.values()].filter(([first]) => {
    return first && timeOf(first) >= begin && timeOf(first) < end && chosen(first)
  })
}

/** Stages by order and name; the order is that of the newest record. */
function stagesOf(runs: Sent[][]) {
  const newest = new Map<string, Sent>()
  for (const record of runs.flat()) {
    if (record.stage === undefined) continue
    const known = newest.get(record.stage)
    const newer = !known || timeOf(record) > timeOf(known)
    const greater =
      known && timeOf(record) === timeOf(known) && (record.stageOrder ?? 0) > (known.stageOrder ?? 0)
    if (newer || greater) newest.set(record.stage, record)
  }
  return [...newest]
    .map(([name, record]) => ({ name, order: record.stageOrder as number, optional: false }))
    .sort((a, b) => a.order - b.order || (a.name < b.name ? -1 : 1))
}

function passOf(run: Sent[], stages: ReturnType<typeof stagesOf>, question: Question): Pass {
  const { strict, windowMs = Number.POSITIVE_INFINITY } = question
  const first = run[0] as Sent
  const orders = [...new Set(stages.map((stage) => stage.order))]
  const all = stages.flatMap((stage, position) => {
    const record = run.find((one) => one.stage === stage.name)
    return record ? [{ position, order: stage.order, at: timeOf(record) }] : []
  })
  const starting = strict ? all.filter((entry) => entry.order === orders[0]) : all
  const start = Math.min(...starting.map((entry) => entry.at))
  const inTime = all.filter((entry) => entry.at <= start + windowMs)
  /** Whether entries of all the orders below lead up to this one, each at or before the next. */
  const counts = (entry: (typeof all)[number]): boolean => {
    const below = orders[orders.indexOf(entry.order) - 1]
    return (
      below === undefined || inTime.some((one) => one.order === below && one.at <= entry.at && counts(one))
    )
  }
  const entries = inTime.filter((entry) => !strict || counts(entry))
  const completion = run.find((one) => one.completed)
  const started = Number.isFinite(start)
  const completed = completion !== undefined && (!started || timeOf(completion) <= start + windowMs)
  return {
    at: timeOf(first),
    value: question.value(first) ?? null,
    completed,
    entered: completed || entries.some((entry) => entry.order === orders[0]),
    entries: new Map(entries.map((entry) => [entry.position, entry.at])),
    completedAt: completed ? timeOf(completion) : undefined,
  }
}

function reference(sent: Sent[], funnel: string, begin: number, end: number, question: Question) {
  const runs = runsOf(sent, funnel, begin, end, question.chosen)
  const stages = stagesOf(runs)
  return { stages, passes: runs.map((run) => passOf(run, stages, question)) }
}

const filters: { query: Record<string, string>; chosen: Question['chosen'] }[] = [
  { query: {}, chosen: () => true },
  { query: {}, chosen: () => true },
  { query: { device: 'mobile' }, chosen: (record) => record.device === 'mobile' },
  { query: { 'property.plan': 'pro' }, chosen: (record) => record.properties.plan === 'pro' },
  {
    query: { userId: 'a', sessionId: 's1' },
    chosen: (record) => record.userId === 'a' && record.sessionId === 's1',
  },
]
const breakdowns: { query: Record<string, string>; value: Question['value'] }[] = [
  { query: {}, value: () => undefined },
  { query: { breakdown: 'device' }, value: (record) => record.device },
  { query: { breakdown: 'property.plan' }, value: (record) => record.properties.plan },
]
const windows = [
  { query: {}, ms: undefined },
  { query: { window: '3h' }, ms: 3 * HOUR },
  { query: { window: '1d' }, ms: 24 * HOUR },
]

/** Those that rollups answer, half of the time. */
const questions = fc.oneof(
  fc.record({
    strict: fc.constant(true),
    window: fc.constant({ query: {}, ms: undefined }),
    filter: fc.constantFrom(...filters.slice(0, 3)),
    breakdown: fc.constantFrom(...breakdowns.slice(0, 2)),
    interval: fc.constant('day'),
  }),
  fc.record({
    strict: fc.boolean(),
    window: fc.constantFrom(...windows),
    filter: fc.constantFrom(...filters),
    breakdown: fc.constantFrom(...breakdowns),
    interval: fc.constantFrom('hour', 'day'),
  }),
)

describe('tracked funnels', () => {
  it('equal a reference on 200 random data sets', async () => {
    await onRandomSets(
      200,
      test.connection.db,
      [records, fc.boolean(), fc.nat(90), questions],
      async (rolledUp, drawn, tidy, rolled, { strict, window, filter, breakdown, interval }) => {
        const project = (await insertProject(test.connection.db, { name: randomUUID() })) as Project
        const sent = tidy ? drawn.filter(isTidy) : drawn
        const send = async (part: Sent[]) => {
          const batch = part.map((record) => ({ kind: 'stage', ...record }))
          if (batch.length > 0) {
            const all = { records: [...batch, ...batch.slice(0, 5)] }
            await recordEvents(trackBatch.input.parse(all), caller(project))
          }
        }
        await send(sent.slice(0, rolled))
        await rolledUp()
        await send(sent.slice(rolled))
        const span = { from: new Date(from).toISOString(), to: new Date(to).toISOString() }
        const question = { strict, windowMs: window.ms, chosen: filter.chosen, value: breakdown.value }
        const list = await findFunnels(listFunnels.input.parse({ ...span, ...filter.query }), caller(project))
        const listed = ['shop', 'other'].flatMap((name) => {
          const { passes } = reference(sent, name, from, to, {
            ...question,
            strict: true,
            windowMs: undefined,
          })
          return passes.length > 0 ? [{ name, source: 'stages', ...rates(passes), definition: null }] : []
        })
        listed.sort((a, b) => b.entered - a.entered || (a.name < b.name ? -1 : 1))
        expect(list.funnels).toEqual(listed)

        if (!sent.some((record) => record.funnel === 'shop')) return
        const answer = await analyzeFunnel(
          getFunnelAnalytics.input.parse({
            ...span,
            ...window.query,
            ...filter.query,
            ...breakdown.query,
            funnel: 'shop',
            strict: `${strict}`,
            interval,
            compare: 'previous',
          }),
          caller(project),
        )
        getFunnelAnalytics.output.parse(answer)
        const { stages, passes } = reference(sent, 'shop', from, to, question)
        expect(answer).toMatchObject(rates(passes))
        expect(rounded(answer.stages)).toEqual(rounded(stagesFrom(stages, passes)))
        expect(rounded(answer.series)).toEqual(
          rounded(
            seriesFrom(
              answer.series.map((point) => point.at),
              passes,
            ),
          ),
        )
        expect(rounded(answer.breakdown)).toEqual(
          'breakdown' in breakdown.query ? rounded(breakdownFrom(stages, passes)) : null,
        )
        const before = reference(sent, 'shop', 2 * from - to, from, question)
        expect(answer.previous).toMatchObject(rates(before.passes))
        expect(rounded(answer.previous?.stages)).toEqual(rounded(stagesFrom(before.stages, before.passes)))
      },
    )
  })
})
