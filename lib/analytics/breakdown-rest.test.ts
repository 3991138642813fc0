import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getEventAnalytics, trackBatch } from '@/lib/analytics/events/contract'
import { analyzeEvents, recordEvents } from '@/lib/analytics/events/service'
import { getJourneyAnalytics } from '@/lib/analytics/journeys/contract'
import { analyzeJourneys } from '@/lib/analytics/journeys/service'
import { getSatisfactionMetrics } from '@/lib/analytics/satisfaction/contract'
import { measureSatisfaction } from '@/lib/analytics/satisfaction/service'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'
import { rollUp } from '@/scripts/test/roll-up'

const VALUES = 40

let test: TestDatabase
const caller = () => ({ project: test.project, account: null, receivedAt: Date.now(), userAgent: null })

/** 25 records of each kind for each of 40 browsers, a plan for every two of them. */
beforeAll(async () => {
  test = await makeDatabase()
  for (let value = 0; value < VALUES; value++) {
    const records = Array.from({ length: 25 }, (_, nth) => {
      const common = {
        userId: `u${nth}`,
        browser: `browser ${value}`,
        properties: { plan: `plan ${value % 20}` },
      }
      return [
        { kind: 'event', name: 'n', ...common },
        { kind: 'step', journey: 'J', step: 's', runId: `${value}`, ...common },
        { kind: 'step', journey: 'J', runId: `${value}`, completed: true, ...common },
        { kind: 'response', survey: 'nps', score: value % 11, ...common },
      ]
    }).flat()
    await recordEvents(trackBatch.input.parse({ records }), caller())
  }
})
afterAll(() => test.connection.close())

const sum = <Row>(rows: Row[] | null, of: (row: Row) => number) =>
  (rows ?? []).reduce((total, row) => total + of(row), 0)

async function ask(breakdown: string) {
  const asked = { breakdown, from: '-1d' }
  const [events, journeys, scores] = await Promise.all([
    analyzeEvents(getEventAnalytics.input.parse(asked), caller()),
    analyzeJourneys(getJourneyAnalytics.input.parse(asked), caller()),
    measureSatisfaction(getSatisfactionMetrics.input.parse({ ...asked, survey: 'nps' }), caller()),
  ])
  return { events, journeys, scores }
}

describe.each(['record by record', 'from the rollups'])('a breakdown, %s', (how) => {
  beforeAll(() => (how === 'from the rollups' ? rollUp(test.connection.db) : undefined))

  it('has a row for the values that have none, and adds up', async () => {
    const { events, journeys, scores } = await ask('browser')
    expect(events.breakdown).toHaveLength(21)
    expect(events.breakdown?.at(-1)).toEqual({ value: null, rest: true, events: 500, users: null })
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
  })

  it('has no such row where every value has one', async () => {
    const { events, scores } = await ask('property.plan')
    expect(events.breakdown).toHaveLength(20)
    expect(scores.breakdown).toHaveLength(20)
    expect([...(events.breakdown ?? []), ...(scores.breakdown ?? [])].some(({ rest }) => rest)).toBe(false)
  })
})
