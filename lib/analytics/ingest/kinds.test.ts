import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { analyticsTables } from '@/db/schema'
import type { ProjectCaller } from '@/lib/access/caller'
import { trackBatch } from '@/lib/analytics/events/contract'
import { recordEvents } from '@/lib/analytics/events/service'
import { trackFeature } from '@/lib/analytics/features/contract'
import { recordFeature } from '@/lib/analytics/features/service'
import { completeFunnel, trackStage } from '@/lib/analytics/funnels/contract'
import { recordFunnelCompletion, recordStage } from '@/lib/analytics/funnels/service'
import { completeJourney, trackStep } from '@/lib/analytics/journeys/contract'
import { recordJourneyCompletion, recordStep } from '@/lib/analytics/journeys/service'
import { recordSatisfaction } from '@/lib/analytics/satisfaction/contract'
import { recordResponse } from '@/lib/analytics/satisfaction/service'
import type { Endpoint } from '@/lib/http/endpoint'
import type { Service } from '@/lib/http/route'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'

let test: TestDatabase
const caller = (receivedAt = Date.now()): ProjectCaller => ({
  project: test.project,
  account: null,
  receivedAt,
  userAgent: null,
})
const rows = (table: string, user: string) =>
  test.connection.db.execute(
    sql`select * from ${sql.identifier(table)} where user_id = ${user} order by occurred_at`,
  )
const batch = (records: object[], receivedAt?: number) =>
  recordEvents(trackBatch.input.parse({ records }), caller(receivedAt))

beforeAll(async () => {
  test = await makeDatabase()
})
afterAll(() => test.connection.close())

/** Each endpoint that records one record, with a body that is right and what is stored of it. */
const single: {
  endpoint: Endpoint
  service: Service<never, never, 'record'>
  table: string
  body: object
  stored: object
}[] = [
  {
    endpoint: trackFeature,
    service: recordFeature as never,
    table: 'feature_usage',
    body: {
      feature: 'export',
      category: 'data',
      action: 'completed',
      durationMs: 12.4,
      success: false,
      error: 'Too "large"\n\\',
    },
    stored: {
      feature: 'export',
      category: 'data',
      action: 'completed',
      duration_ms: 12,
      success: false,
      error: 'Too "large"\n\\',
    },
  },
  {
    endpoint: trackStage,
    service: recordStage as never,
    table: 'conversion_funnels',
    body: { funnel: 'checkout', stage: 'payment', stageOrder: 3, runId: 'r1' },
    stored: { funnel: 'checkout', stage: 'payment', stage_order: 3, run_id: 'r1', completed: false },
  },
  {
    endpoint: completeFunnel,
    service: recordFunnelCompletion as never,
    table: 'conversion_funnels',
    body: { funnel: 'checkout' },
    stored: { funnel: 'checkout', stage: null, stage_order: null, completed: true },
  },
  {
    endpoint: trackStep,
    service: recordStep as never,
    table: 'user_journeys',
    body: { journey: 'onboarding', step: 'welcome' },
    stored: { journey: 'onboarding', step: 'welcome', completed: false },
  },
  {
    endpoint: completeJourney,
    service: recordJourneyCompletion as never,
    table: 'user_journeys',
    body: { journey: 'support', runId: 'never started' },
    stored: { journey: 'support', step: null, run_id: 'never started', completed: true },
  },
  {
    endpoint: recordSatisfaction,
    service: recordResponse as never,
    table: 'user_satisfaction',
    body: {
      survey: 'nps',
      score: 0,
      question: 'Would you?',
      response: 'No — 你好',
      context: { page: '/', deep: { n: 1 } },
    },
    stored: {
      survey: 'nps',
      score: 0,
      question: 'Would you?',
      response: 'No — 你好',
      context: { page: '/', deep: { n: 1 } },
    },
  },
]

describe.each(single)('$endpoint.id', ({ endpoint, service, table, body, stored }) => {
  const record = (sent: object, receivedAt?: number) =>
    service(endpoint.input.parse(sent) as never, caller(receivedAt))

  it('stores what was sent, once, however often and late it is repeated', async () => {
    const userId = `${endpoint.id}-user`
    const sent = { ...body, id: randomUUID(), userId, sessionId: 's', properties: { plan: 'pro' } }
    expect(await record(sent)).toMatchObject({ accepted: 1, duplicates: 0 })
    expect(await record(sent)).toMatchObject({ accepted: 0, duplicates: 1 })
    expect(await record(sent, Date.now() + 3_600_000)).toMatchObject({ accepted: 0, duplicates: 1 })
    const found = await rows(table, userId)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({ ...stored, id: sent.id, session_id: 's', properties: { plan: 'pro' } })
  })

  it('refuses unknown fields, and a record of nobody', () => {
    expect(endpoint.input.safeParse({ ...body, userId: 'u', colour: 'red' }).success).toBe(false)
    expect(endpoint.input.safeParse(body).success).toBe(false)
    expect(endpoint.input.safeParse({ ...body, anonymousId: 'a' }).success).toBe(true)
  })
})

describe('the rules of each kind', () => {
  const why = (endpoint: Endpoint, body: object) => {
    const parsed = endpoint.input.safeParse({ userId: 'u', ...body })
    return parsed.success ? 'taken' : parsed.error.issues.map((issue) => issue.path.join('.')).join()
  }

  it.each([
    ['nps', -1, 'score'],
    ['nps', 0, 'taken'],
    ['nps', 10, 'taken'],
    ['nps', 11, 'score'],
    ['csat', 0, 'score'],
    ['csat', 1, 'taken'],
    ['csat', 6, 'score'],
    ['ces', 7, 'taken'],
    ['ces', 8, 'score'],
    ['nps', 9.5, 'score'],
    ['stars', 3, 'survey'],
  ])('%s %d: %s', (survey, score, expected) => {
    expect(why(recordSatisfaction, { survey, score })).toBe(expected)
  })

  it('an action, and an order of stages, are what they may be', () => {
    expect(why(trackFeature, { feature: 'x', action: 'clicked' })).toBe('action')
    expect(why(trackStage, { funnel: 'f', stage: 's', stageOrder: 0 })).toBe('stageOrder')
    expect(why(trackStage, { funnel: 'f', stage: 's' })).toBe('stageOrder')
    expect(why(completeFunnel, { funnel: 'f', stage: 's' })).toBe('')
  })

  it('gives a user one run of each funnel and journey, unless the run is named', async () => {
    await batch([
      { kind: 'stage', userId: 'runner', funnel: 'f', stage: 's', stageOrder: 1 },
      { kind: 'stage', userId: 'runner', funnel: 'f', completed: true },
      { kind: 'step', userId: 'runner', journey: 'j', step: 's' },
      { kind: 'step', userId: 'runner', journey: 'j', completed: true, runId: 'named' },
    ])
    const runs = [...(await rows('conversion_funnels', 'runner')), ...(await rows('user_journeys', 'runner'))]
    expect(runs.map((row) => [row.run_id, row.completed]).sort()).toEqual([
      ['named', true],
      ['user:runner', false],
      ['user:runner', false],
      ['user:runner', true],
    ])
  })
})

describe('a batch of mixed kinds', () => {
  const mixed = (count: number, userId: string) =>
    Array.from({ length: count }, (_, index) => {
      const common = {
        id: randomUUID(),
        userId,
        occurredAt: new Date(Date.now() - index * 1_000).toISOString(),
      }
      const kinds = [
        { kind: 'event', name: 'x' },
        { kind: 'feature', feature: 'f', action: 'used' },
        { kind: 'stage', funnel: 'f', stage: 's', stageOrder: 1 },
        { kind: 'step', journey: 'j', step: 's' },
        { kind: 'response', survey: 'ces', score: 1 + (index % 7) },
      ]
      return { ...common, ...kinds[index % kinds.length] }
    })

  it('stores each in its table, once, when it is sent several times at once and in any order', async () => {
    const records = mixed(500, 'mixed')
    const shuffled = () => [...records].sort(() => Math.random() - 0.5)
    const receipts = await Promise.all([
      batch(records),
      batch(shuffled()),
      batch(shuffled().slice(0, 250)),
      batch(shuffled()),
    ])
    expect(receipts.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(500)
    expect(receipts.reduce((sum, { duplicates }) => sum + duplicates, 0)).toBe(1_250)
    for (const table of analyticsTables) expect(await rows(table, 'mixed'), table).toHaveLength(100)
  })

  it('makes the partitions of every table that needs one', async () => {
    const old = mixed(5, 'old').map((record) => ({ ...record, occurredAt: '2012-02-29T00:00:00Z' }))
    expect(await batch(old)).toMatchObject({ accepted: 5, rejected: [] })
    for (const table of analyticsTables) expect(await rows(table, 'old'), table).toHaveLength(1)
  })

  it('says of each record that is refused why, in the words of its kind', async () => {
    const [event, feature, stage, step, response] = mixed(5, 'refused')
    const { accepted, rejected } = await batch([
      event as object,
      { ...feature, action: 'broke' },
      { ...stage, stageOrder: 1.5 },
      { ...step, completed: true },
      { ...response, score: 9 },
      { kind: 'constructor', userId: 'u' },
    ])
    expect(accepted).toBe(1)
    expect(rejected.map(({ index, path }) => [index, path])).toEqual([
      [1, 'action'],
      [2, 'stageOrder'],
      [3, ''],
      [4, 'score'],
      [5, 'kind'],
    ])
    expect(rejected[3]?.message).toBe('ces has scores from 1 to 7')
  })
})
