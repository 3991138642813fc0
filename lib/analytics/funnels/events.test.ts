import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertProject } from '@/db/queries/access/projects'
import type { Project, ProjectCaller } from '@/lib/access/caller'
import { trackBatch } from '@/lib/analytics/events/contract'
import { recordEvents } from '@/lib/analytics/events/service'
import {
  funnelDefinition,
  getFunnelAnalytics,
  listFunnels,
  saveFunnel,
} from '@/lib/analytics/funnels/contract'
import { type Question, reference } from '@/lib/analytics/funnels/events.reference'
import { events, from, HOUR, plain, rich, to } from '@/lib/analytics/funnels/events.samples'
import { analyzeFunnel, findFunnels, keepFunnel } from '@/lib/analytics/funnels/service'
import { breakdownFrom, rates, rounded, seriesFrom, stagesFrom } from '@/lib/analytics/funnels/testing'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'
import { seed, sets } from '@/scripts/test/random-sets'

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

describe('funnels from events', () => {
  it.each([
    ['plain', plain],
    ['with all there is', rich],
  ])('%s equal a reference on 200 random data sets', async (_, definitions) => {
    await fc.assert(
      fc.asyncProperty(
        events,
        definitions as fc.Arbitrary<unknown>,
        fc.constantFrom(undefined, undefined, { window: '4h', ms: 4 * HOUR }),
        fc.constantFrom(...filters),
        fc.constantFrom(...breakdowns),
        fc.constantFrom('hour', 'day'),
        async (sent, given, window, filter, breakdown, interval) => {
          const definition = funnelDefinition.parse(given)
          const project = (await insertProject(test.connection.db, { name: randomUUID() })) as Project
          if (sent.length > 0) {
            const batch = sent.map((event) => ({ kind: 'event', ...event }))
            await recordEvents(
              trackBatch.input.parse({ records: [...batch, ...batch.slice(0, 5)] }),
              caller(project),
            )
          }
          const own = { '2h': 2 * HOUR, '9h': 9 * HOUR, '14d': 14 * 24 * HOUR }[definition.window] as number
          const question = { windowMs: own, chosen: filter.chosen, value: breakdown.value }
          const span = { from: new Date(from).toISOString(), to: new Date(to).toISOString() }

          await keepFunnel(saveFunnel.input.parse({ name: 'saved', definition }), caller(project))
          const list = await findFunnels(
            listFunnels.input.parse({ ...span, ...filter.query }),
            caller(project),
          )
          expect(list.funnels).toEqual([
            {
              name: 'saved',
              source: 'events',
              ...rates(reference(sent, definition, from, to, question)),
              definition,
            },
          ])

          const answer = await analyzeFunnel(
            getFunnelAnalytics.input.parse({
              ...span,
              ...filter.query,
              ...breakdown.query,
              ...(window ? { funnel: 'tried', definition: JSON.stringify(given) } : { funnel: 'saved' }),
              ...(window && { window: window.window }),
              interval,
              compare: 'previous',
            }),
            caller(project),
          )
          getFunnelAnalytics.output.parse(answer)
          const asked = { ...question, windowMs: window?.ms ?? own }
          const passes = reference(sent, definition, from, to, asked)
          const stages = definition.steps.map(({ name, optional }, index) => ({
            name,
            order: index + 1,
            optional,
          }))
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
        },
      ),
      { numRuns: sets(200), seed },
    )
  })
})
