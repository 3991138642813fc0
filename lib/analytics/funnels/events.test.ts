import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertProject } from '@/db/queries/access/projects'
import type { Project, ProjectCaller } from '@/lib/access/caller'
import { trackBatch } from '@/lib/analytics/events/contract'
import { recordEvents } from '@/lib/analytics/events/service'
import {
  type FunnelDefinition,
  funnelDefinition,
  getFunnelAnalytics,
  listFunnels,
  saveFunnel,
} from '@/lib/analytics/funnels/contract'
import { type Question, reference, type Sent } from '@/lib/analytics/funnels/events.reference'
import { apart, events, from, HOUR, plain, rich, to } from '@/lib/analytics/funnels/events.samples'
import { analyzeFunnel, findFunnels, keepFunnel } from '@/lib/analytics/funnels/service'
import { breakdownFrom, rates, rounded, seriesFrom, stagesFrom } from '@/lib/analytics/funnels/testing'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'
import { onRandomSets, seed, sets } from '@/scripts/test/random-sets'
import { rollUp } from '@/scripts/test/roll-up'

/** Funnels from events against a slow and obvious reference, on random data. */

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

const filters: { query: Record<string, string>; chosen: Question['chosen'] }[] = [
  { query: {}, chosen: () => true },
  { query: {}, chosen: () => true },
  { query: { device: 'mobile' }, chosen: (event) => event.device === 'mobile' },
  { query: { 'property.plan': 'pro' }, chosen: (event) => event.properties.plan === 'pro' },
]
const breakdowns: { query: Record<string, string>; value: Question['value'] }[] = [
  { query: {}, value: () => undefined },
  { query: { breakdown: 'device' }, value: (event) => event.device },
  { query: { breakdown: 'property.plan' }, value: (event) => event.properties.plan },
]

interface Set {
  sent: Sent[]
  definitions: unknown[]
  window: { window: string; ms: number } | undefined
  filter: (typeof filters)[number]
  breakdown: (typeof breakdowns)[number]
  interval: string
}

const setOf = (definitions: fc.Arbitrary<unknown>, least = 0): fc.Arbitrary<Set> =>
  fc.record({
    sent: events(least),
    definitions: fc.array(definitions, { minLength: 1, maxLength: 4 }),
    window: fc.constantFrom(undefined, undefined, { window: '4h', ms: 4 * HOUR }),
    filter: fc.constantFrom(...filters),
    breakdown: fc.constantFrom(...breakdowns),
    interval: fc.constantFrom('hour', 'day'),
  })

const WINDOWS: Record<string, number> = { '2h': 2 * HOUR, '9h': 9 * HOUR, '14d': 14 * 24 * HOUR }

const insert = async () => (await insertProject(test.connection.db, { name: randomUUID() })) as Project

async function record(project: Project, sent: Sent[]): Promise<void> {
  if (sent.length === 0) return
  const batch = sent.map((event) => ({ kind: 'event', ...event }))
  await recordEvents(trackBatch.input.parse({ records: [...batch, ...batch.slice(0, 5)] }), caller(project))
}

/** The list of these funnels, saved, and the answer about the first of them are those of the reference. */
async function check(project: Project, set: Set): Promise<void> {
  const { sent, window, filter, breakdown, interval } = set
  const definitions = set.definitions.map((given) => funnelDefinition.parse(given))
  const span = { from: new Date(from).toISOString(), to: new Date(to).toISOString() }
  const questionOf = ({ window }: FunnelDefinition): Question => ({
    windowMs: WINDOWS[window] as number,
    chosen: filter.chosen,
    value: breakdown.value,
  })

  for (const [index, definition] of definitions.entries()) {
    await keepFunnel(saveFunnel.input.parse({ name: `saved ${index}`, definition }), caller(project))
  }
  const expected = definitions.map((definition, index) => ({
    name: `saved ${index}`,
    source: 'events' as const,
    ...rates(reference(sent, definition, from, to, questionOf(definition))),
    definition,
  }))
  expect(await list(project, filter.query)).toEqual(expected.sort((a, b) => b.entered - a.entered))

  const definition = definitions[0] as FunnelDefinition
  const answer = await analyzeFunnel(
    getFunnelAnalytics.input.parse({
      ...span,
      ...filter.query,
      ...breakdown.query,
      ...(window
        ? { funnel: 'tried', definition: JSON.stringify(set.definitions[0]), window: window.window }
        : { funnel: 'saved 0' }),
      interval,
      compare: 'previous',
    }),
    caller(project),
  )
  getFunnelAnalytics.output.parse(answer)
  const question = questionOf(definition)
  const asked = { ...question, windowMs: window?.ms ?? question.windowMs }
  const passes = reference(sent, definition, from, to, asked)
  const stages = definition.steps.map(({ name, optional }, index) => ({ name, order: index + 1, optional }))
  expect(answer).toMatchObject({ source: 'events', definition, ...rates(passes) })
  expect(rounded(answer.stages)).toEqual(rounded(stagesFrom(stages, passes)))
  const starts = answer.series.map((point) => point.at)
  expect(rounded(answer.series)).toEqual(rounded(seriesFrom(starts, passes)))
  expect(rounded(answer.breakdown)).toEqual(
    'breakdown' in breakdown.query ? rounded(breakdownFrom(stages, passes)) : null,
  )
  const before = reference(sent, definition, 2 * from - to, from, asked)
  expect(answer.previous).toMatchObject(rates(before))
  expect(rounded(answer.previous?.stages)).toEqual(rounded(stagesFrom(stages, before)))
}

const at = (name: string, minute: number, userId = 'a'): Sent => ({
  ...{ id: randomUUID(), userId, name, type: 'click', properties: {} },
  occurredAt: new Date(from + minute * 60_000).toISOString(),
})

const list = async (project: Project, query: Record<string, string> = {}) => {
  const span = { from: new Date(from).toISOString(), to: new Date(to).toISOString() }
  return (await findFunnels(listFunnels.input.parse({ ...span, ...query }), caller(project))).funnels
}

describe('funnels from events', () => {
  it.each([
    ['plain', plain],
    ['with all there is', rich],
  ])('%s equal a reference on 200 random data sets', async (_, definitions) => {
    await fc.assert(
      fc.asyncProperty(setOf(definitions), async (set) => {
        const project = await insert()
        await record(project, set.sent)
        await check(project, set)
      }),
      { numRuns: sets(200), seed },
    )
  })

  it('equal it on 400 more, all or some of whose events are in the rollups', async () => {
    const definitions = fc.oneof({ arbitrary: apart, weight: 3 }, plain, rich)
    await onRandomSets(
      400,
      test.connection.db,
      [setOf(definitions, 40), fc.constantFrom(0, 0.5, 0.9), fc.constantFrom('UTC', 'Europe/Berlin')],
      async (rolledUp, set, late, timezone) => {
        const project = { ...(await insert()), timezone }
        await test.connection.sql`update projects set timezone = ${timezone} where id = ${project.id}`
        const first = Math.ceil(set.sent.length * (1 - late))
        await record(project, set.sent.slice(0, first))
        await rolledUp()
        await record(project, set.sent.slice(first))
        await check(project, set)
      },
    )
  })

  it('are counted in the list as they are read, where an optional step shares its events with another', async () => {
    const project = await insert()
    const steps = ['view', 'cart', 'pay', 'cart'].map((name, index) => ({ name, optional: index === 1 }))
    await record(project, [at('view', 0), at('cart', 1), at('pay', 1)])
    await rollUp(test.connection.db)
    await keepFunnel(saveFunnel.input.parse({ name: 'saved', definition: { steps } }), caller(project))
    // Of one instant, the event of the second step comes before that of the third.
    expect(await list(project)).toMatchObject([{ entered: 1, completed: 0 }])
  })

  it('are of users whom the rollups do not know too', async () => {
    const project = await insert()
    await record(project, [at('view', 0)])
    await rollUp(test.connection.db)
    const users = Array.from({ length: 100 }, (_, user) => `new ${user}`)
    await record(
      project,
      users.flatMap((userId) => [at('view', 1, userId), at('pay', 2, userId)]),
    )
    const steps = ['view', 'pay'].map((name) => ({ name }))
    await keepFunnel(saveFunnel.input.parse({ name: 'saved', definition: { steps } }), caller(project))
    expect(await list(project)).toMatchObject([{ entered: 101, completed: 100 }])
  })
})
