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
import { analyzeFunnel, findFunnels, keepFunnel } from '@/lib/analytics/funnels/service'
import {
  breakdownFrom,
  type Pass,
  rates,
  rounded,
  seriesFrom,
  stagesFrom,
} from '@/lib/analytics/funnels/testing'
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

const HOUR = 3_600_000
const from = Date.parse('2026-03-28T00:00:00Z')
const to = Date.parse('2026-03-29T12:00:00Z')

interface Sent {
  id: string
  userId: string
  name: string
  type: string
  device?: string
  pageUrl?: string
  properties: { plan?: string }
  occurredAt: string
}
type Match = FunnelDefinition['exclusions'][number]

const maybe = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined })

const events = fc.uniqueArray(
  fc.record({
    id: fc.uuid({ version: 4 }),
    userId: fc.constantFrom('a', 'b', 'c', 'd'),
    name: fc.constantFrom('view', 'cart', 'pay', 'help'),
    type: fc.constantFrom('click', 'custom'),
    device: maybe('mobile', 'desktop'),
    pageUrl: maybe('https://x.test/p?q=1', 'https://x.test/'),
    properties: fc.record({ plan: maybe('free', 'pro') }, { requiredKeys: [] }),
    // Before, in and after the range, with ties.
    occurredAt: fc.integer({ min: -6, max: 40 }).map((hours) => new Date(from + hours * HOUR).toISOString()),
  }),
  { maxLength: 100, selector: (event) => event.id },
)

const match = (name: fc.Arbitrary<string>) =>
  fc.record({
    name,
    filters: fc.oneof(
      { weight: 6, arbitrary: fc.constant({}) },
      {
        weight: 2,
        arbitrary: fc.constantFrom<Record<string, string>>(
          { type: 'click' },
          { device: 'mobile', page: '/p' },
          { 'property.plan': 'pro' },
        ),
      },
    ),
  })

const window = fc.constantFrom('2h', '9h', '14d')

/** Steps of distinct names, none optional, no exclusions. */
const plain = fc.record({
  steps: fc
    .shuffledSubarray(['view', 'cart', 'pay', 'help'], { minLength: 2 })
    .chain((names) => fc.tuple(...names.map((name) => match(fc.constant(name))))),
  window,
})

/** Steps of any names, so that an event can match several, with optional ones and exclusions. */
const rich = fc
  .record({
    steps: fc.array(
      fc
        .tuple(match(fc.constantFrom('view', 'cart', 'pay')), fc.boolean())
        .map(([one, optional]) => ({ ...one, optional })),
      { minLength: 2, maxLength: 5 },
    ),
    exclusions: fc.oneof(
      fc.constant([]),
      fc.array(match(fc.constantFrom('help', 'pay')), { minLength: 1, maxLength: 2 }),
    ),
    window,
  })
  .map((definition) => ({
    ...definition,
    steps: definition.steps.map((step, index, { length }) => ({
      ...step,
      optional: step.optional && index > 0 && index < length - 1,
    })),
  }))

const timeOf = (event: Sent) => Date.parse(event.occurredAt)

function matches(event: Sent, { name, filters }: Match): boolean {
  const page = event.pageUrl === undefined ? undefined : new URL(event.pageUrl).pathname
  const values: Record<string, string | undefined> = {
    type: event.type,
    device: event.device,
    page,
    'property.plan': event.properties.plan,
  }
  return event.name === name && Object.entries(filters).every(([key, value]) => values[key] === value)
}

/** The pass that begins at an event: by step, the index of the event that it took. */
function passFrom(events: Sent[], begin: number, definition: FunnelDefinition, windowMs: number) {
  const { steps, exclusions } = definition
  const at = (index: number) => timeOf(events[index] as Sent)
  const isFree = (after: number, before: number) =>
    !events.some(
      (event) =>
        timeOf(event) > at(after) &&
        timeOf(event) < at(before) &&
        exclusions.some((exclusion) => matches(event, exclusion)),
    )
  const nextOf = (step: Match, after: number) =>
    events.findIndex((event, index) => index > after && matches(event, step))
  const isReached = (index: number, last: number) =>
    index >= 0 && at(index) <= at(begin) + windowMs && isFree(last, index)

  const taken = new Map([[0, begin]])
  let last = begin
  let ended = false
  let waiting: number[] = []
  /** Takes the optional steps that were passed over, as far as they come before the end. */
  const takeOptional = (isBefore: (index: number) => boolean) => {
    let latest = last
    for (const position of waiting) {
      const index = nextOf(steps[position] as Match, latest)
      if (index < 0 || !isBefore(index)) continue
      taken.set(position, index)
      latest = index
    }
    waiting = []
  }
  steps.forEach((step, position) => {
    if (position === 0 || ended) return
    if (step.optional) {
      waiting.push(position)
      return
    }
    const index = nextOf(step, last)
    ended = !isReached(index, last)
    const previous = last
    takeOptional(ended ? (one) => isReached(one, previous) : (one) => one < index)
    if (ended) return
    taken.set(position, index)
    last = index
  })
  return {
    begin,
    taken,
    level: steps.filter((step, position) => !step.optional && taken.has(position)).length,
  }
}

interface Question {
  windowMs: number
  chosen: (event: Sent) => boolean
  value: (event: Sent) => string | undefined
}

function reference(
  sent: Sent[],
  definition: FunnelDefinition,
  begin: number,
  end: number,
  question: Question,
): Pass[] {
  const { steps } = definition
  const passes: Pass[] = []
  for (const userId of new Set(sent.map((event) => event.userId))) {
    const place = (event: Sent) => {
      const served = steps.flatMap((step, position) => (matches(event, step) ? [position] : []))
      return [timeOf(event), served[0] ?? 0, served.at(-1) ?? 0] as const
    }
    const mine = sent
      .filter((event) => event.userId === userId && timeOf(event) >= begin && timeOf(event) < end)
      .sort((a, b) => {
        const [p, q] = [place(a), place(b)]
        return p[0] - q[0] || p[1] - q[1] || p[2] - q[2] || (a.id < b.id ? -1 : 1)
      })
    const all = mine.flatMap((event, index) =>
      matches(event, steps[0] as Match) && question.chosen(event)
        ? [passFrom(mine, index, definition, question.windowMs)]
        : [],
    )
    const level = Math.max(...all.map((pass) => pass.level))
    const best = all.find((pass) => pass.level === level)
    if (!best) continue
    const first = mine[best.begin] as Sent
    passes.push({
      at: timeOf(first),
      value: question.value(first) ?? null,
      entered: true,
      completed: best.taken.has(steps.length - 1),
      entries: new Map([...best.taken].map(([position, index]) => [position, timeOf(mine[index] as Sent)])),
    })
  }
  return passes
}

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
