import { afterAll, beforeAll, expect, it } from 'vitest'
import { advanceRollups } from '@/db/queries/analytics/rollups/advance'
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
import { listUsers } from '@/lib/analytics/users/contract'
import { findUsers } from '@/lib/analytics/users/service'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'

const DAY_MS = 86_400_000
const occurredAt = new Date(Date.now() - 20 * DAY_MS).toISOString()
const day = `${occurredAt.slice(0, 10)}T00:00:00.000Z`

let test: TestDatabase
beforeAll(async () => {
  test = await makeDatabase()
})
afterAll(() => test.connection.close())

const caller = () => ({ project: test.project, account: null, receivedAt: Date.now(), userAgent: null })

function record(userId: string, at?: string) {
  const kinds = [
    { kind: 'event', name: 'n' },
    { kind: 'feature', feature: 'f', action: 'used' },
    { kind: 'stage', funnel: 'F', stage: 's', stageOrder: 1 },
    { kind: 'step', journey: 'J', step: 't' },
    { kind: 'response', survey: 'nps', score: 9 },
  ]
  const records = kinds.map((body) => ({ ...body, userId, ...(at && { occurredAt: at }) }))
  return recordEvents(trackBatch.input.parse({ records }), caller())
}

/** What each chart of the last 30 days has on the day. */
async function onTheDay() {
  const asked = { from: '-30d', interval: 'day' }
  const at = <Point extends { at: string }>(series: Point[]) => series.find((point) => point.at === day)
  const events = await analyzeEvents(getEventAnalytics.input.parse(asked), caller())
  const features = await measureFeatures(getFeatureStats.input.parse(asked), caller())
  const funnel = await analyzeFunnel(getFunnelAnalytics.input.parse({ ...asked, funnel: 'F' }), caller())
  const journeys = await analyzeJourneys(getJourneyAnalytics.input.parse(asked), caller())
  const responses = await measureSatisfaction(getSatisfactionMetrics.input.parse(asked), caller())
  const retention = await findRetention(getRetention.input.parse(asked), caller())
  const users = await findUsers(listUsers.input.parse({ from: '-30d' }), caller())
  return [
    at(events.series)?.events,
    at(events.series)?.users,
    at(features.features[0]?.series ?? [])?.records,
    at(funnel.series)?.entered,
    at(journeys.series)?.started,
    at(responses.series)?.responses,
    at(retention.cohorts)?.users,
    users.items.filter(({ firstSeenAt }) => firstSeenAt.startsWith(day.slice(0, 10))).length,
  ]
}

it('a record that is 20 days late is in every chart of its day: at once, and when it is rolled up', async () => {
  await record('in time')
  await advanceRollups(test.connection.db)
  expect(await onTheDay()).toEqual([0, 0, 0, 0, 0, 0, 0, 0])
  await record('late', occurredAt)
  expect(await onTheDay()).toEqual([1, 1, 1, 1, 1, 1, 1, 1])
  await advanceRollups(test.connection.db)
  expect(await onTheDay()).toEqual([1, 1, 1, 1, 1, 1, 1, 1])
})
