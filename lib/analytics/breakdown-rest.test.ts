import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getEventAnalytics, trackBatch } from '@/lib/analytics/events/contract'
import { analyzeEvents, recordEvents } from '@/lib/analytics/events/service'
import { getFeatureStats } from '@/lib/analytics/features/contract'
import { measureFeatures } from '@/lib/analytics/features/service'
import { getFunnelAnalytics } from '@/lib/analytics/funnels/contract'
import { analyzeFunnel } from '@/lib/analytics/funnels/service'
import { getJourneyAnalytics } from '@/lib/analytics/journeys/contract'
import { analyzeJourneys } from '@/lib/analytics/journeys/service'
import { getSatisfactionMetrics } from '@/lib/analytics/satisfaction/contract'
import { measureSatisfaction } from '@/lib/analytics/satisfaction/service'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'
import { rollUp } from '@/scripts/test/roll-up'

const VALUES = 40
const USERS = 25

let test: TestDatabase
const caller = () => ({ project: test.project, account: null, receivedAt: Date.now(), userAgent: null })

/**
 * What a user of one of 40 browsers sends: of the browser numbered n, the first n + 1 users go on. A plan is that of two
 * browsers, an OS that of four.
 */
function recordsOf(browser: number, user: number) {
  const begun = Date.now() - 3_600_000
  const common = {
    userId: `u${browser}-${user}`,
    browser: `browser ${browser}`,
    os: `os ${browser % 10}`,
    properties: { plan: `plan ${browser % 20}` },
  }
  const at = (minute: number) => ({ ...common, occurredAt: new Date(begun + minute * 60_000).toISOString() })
  const goesOn = user <= browser
  // Only where stages count in any order does the second one count without the first.
  const late = browser < 10 ? { stage: 'a', stageOrder: 1 } : { stage: 'b', stageOrder: 2 }
  return [
    { kind: 'step', journey: 'J', step: 's', runId: 'r', ...common },
    { kind: 'step', journey: 'J', runId: 'r', completed: true, ...common },
    { kind: 'response', survey: 'nps', score: browser % 11, ...common },
    { kind: 'feature', feature: 'F', action: 'opened', ...common },
    {
      kind: 'feature',
      feature: `G${user % 2}`,
      action: 'used',
      success: goesOn,
      durationMs: user,
      ...common,
    },
    { kind: 'event', name: 'a', ...at(0) },
    { kind: 'stage', funnel: 'late', ...late, ...common },
    ...(user === 0 ? [] : [{ kind: 'stage', funnel: 'stages', stage: 'a', stageOrder: 1, ...at(0) }]),
    ...(goesOn
      ? [
          { kind: 'event', name: 'b', ...at(1) },
          { kind: 'event', name: 'c', ...at(2) },
          { kind: 'stage', funnel: 'stages', stage: 'b', stageOrder: 2, ...at(1) },
          { kind: 'stage', funnel: 'stages', completed: true, ...at(2) },
        ]
      : []),
  ]
}

beforeAll(async () => {
  test = await makeDatabase()
  for (let browser = 0; browser < VALUES; browser++) {
    const records = Array.from({ length: USERS }, (_, user) => recordsOf(browser, user)).flat()
    await recordEvents(trackBatch.input.parse({ records }), caller())
  }
})
afterAll(() => test.connection.close())

const sum = <Row>(rows: Row[] | null, of: (row: Row) => number) =>
  (rows ?? []).reduce((total, row) => total + of(row), 0)

/** By days, since rollups have nothing of runs by hours. */
const range = { from: '-2d', interval: 'day' }

async function ask(breakdown: string) {
  const asked = { ...range, breakdown }
  const [events, features, journeys, scores] = await Promise.all([
    analyzeEvents(getEventAnalytics.input.parse(asked), caller()),
    measureFeatures(getFeatureStats.input.parse({ ...asked, limit: '20' }), caller()),
    analyzeJourneys(getJourneyAnalytics.input.parse(asked), caller()),
    measureSatisfaction(getSatisfactionMetrics.input.parse({ ...asked, survey: 'nps' }), caller()),
  ])
  return { events, features, journeys, scores }
}

const askFunnel = async (question: object) =>
  analyzeFunnel(getFunnelAnalytics.input.parse({ ...range, ...question }), caller())
type Funnel = Awaited<ReturnType<typeof askFunnel>>

const steps = [{ name: 'a' }, { name: 'b' }, { name: 'c' }]
const optional = steps.map((step) => ({ ...step, optional: step.name === 'b' }))
const funnels = {
  'of stages': { funnel: 'stages' },
  'of stages in any order': { funnel: 'stages', strict: 'false' },
  'of stages in a window': { funnel: 'stages', window: '7d' },
  'of stages that most enter at the second': { funnel: 'late', strict: 'false' },
  'of events': { funnel: 'events', definition: JSON.stringify({ steps }) },
  'of events that may be left out': { funnel: 'events', definition: JSON.stringify({ steps: optional }) },
}

/** Of each stage the counts that the answer tells, and one that it takes a rate from. */
const countsOf = ({ stages }: Pick<Funnel, 'stages'>) =>
  stages.map(({ entered, dropOff, conversionFromStart }) => ({
    entered,
    dropOff,
    afterFirst: Math.round((conversionFromStart ?? 0) * (stages[0]?.entered ?? 0)),
  }))

describe.each(['record by record', 'from the rollups'])('a breakdown, %s', (how) => {
  beforeAll(() => (how === 'from the rollups' ? rollUp(test.connection.db) : undefined))

  it('has a row for the values that have none, and adds up', async () => {
    const { events, features, journeys, scores } = await ask('browser')
    expect(events.breakdown).toHaveLength(21)
    // Of the browsers numbered 0 to 19: 25 each, and two of each user who goes on.
    expect(events.breakdown?.at(-1)).toEqual({ value: null, rest: true, events: 920, users: null })
    expect(sum(events.breakdown, (row) => row.events)).toBe(events.totals.events)
    expect(journeys.breakdown).toHaveLength(11)
    expect(journeys.breakdown?.at(-1)).toMatchObject({
      value: null,
      rest: true,
      started: 750,
      completed: 750,
    })
    expect(sum(journeys.breakdown, (row) => row.started)).toBe(journeys.started)
    expect(scores.breakdown).toHaveLength(21)
    expect(scores.breakdown?.at(-1)).toMatchObject({ value: null, rest: true, responses: 500 })
    expect(sum(scores.breakdown, (row) => row.responses)).toBe(scores.responses)

    expect(features.breakdown).toHaveLength(21)
    const shown = (features.breakdown ?? []).flatMap(({ value }) => value ?? [])
    const others = Array.from({ length: VALUES }, (_, browser) => browser).filter(
      (browser) => !shown.includes(`browser ${browser}`),
    )
    expect(features.breakdown?.at(-1)).toEqual({
      value: null,
      rest: true,
      opened: 500,
      used: 500,
      completed: 0,
      users: null,
      adoptionRate: null,
      successRate: sum(others, (browser) => Math.min(USERS, browser + 1)) / 500,
      durationMs: { p50: null, p90: null },
    })
    expect(features.features).toHaveLength(3)
    for (const count of ['opened', 'used', 'completed'] as const) {
      expect(sum(features.breakdown, (row) => row[count])).toBe(sum(features.features, (row) => row[count]))
    }
  })

  it('has no such row where every value has one', async () => {
    const { events, features, scores } = await ask('property.plan')
    for (const { breakdown } of [events, features, scores]) expect(breakdown).toHaveLength(20)
    const { journeys } = await ask('os')
    expect(journeys.breakdown).toHaveLength(10)
    const all = [events, features, scores, journeys].flatMap(({ breakdown }): object[] => breakdown ?? [])
    expect(all.some((row) => 'rest' in row)).toBe(false)
  })

  describe.each(Object.entries(funnels))('of a funnel %s', (_, question) => {
    it('has a row for the values that have none, and adds up', async () => {
      const answer = await askFunnel({ ...question, breakdown: 'browser' })
      expect(answer.breakdown).toHaveLength(11)
      const rest = answer.breakdown?.at(-1)
      expect(rest).toMatchObject({ value: null, rest: true })
      expect(sum(answer.breakdown, (row) => row.entered)).toBe(answer.entered)
      expect(sum(answer.breakdown, (row) => row.completed)).toBe(answer.completed)
      expect(rest?.conversionRate).toBe(rest?.entered ? rest.completed / rest.entered : null)
      const counts = (answer.breakdown ?? []).map(countsOf)
      for (const [index, total] of countsOf(answer).entries()) {
        for (const name of ['entered', 'dropOff', 'afterFirst'] as const) {
          expect(sum(counts, (stages) => stages[index]?.[name] ?? Number.NaN)).toBe(total[name])
        }
      }
      for (const { timeToStageMs, timeInStageMs } of rest?.stages ?? []) {
        for (const times of [timeToStageMs, timeInStageMs]) expect(times).toEqual({ p50: null, p90: null })
      }
    })

    it('has no such row where every value has one', async () => {
      const { breakdown } = await askFunnel({ ...question, breakdown: 'os' })
      expect(breakdown).toHaveLength(10)
      expect(breakdown?.some((row) => 'rest' in row)).toBe(false)
    })
  })
})
