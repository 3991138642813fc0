import fc from 'fast-check'

/** Random events, and funnels over them: for tests only. */

export const HOUR = 3_600_000
export const from = Date.parse('2026-03-28T00:00:00Z')
export const to = Date.parse('2026-03-29T12:00:00Z')

const maybe = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined })

/** Of four users, before, in and after the range, with ties. */
export const event = fc.record({
  id: fc.uuid({ version: 4 }),
  userId: fc.constantFrom('a', 'b', 'c', 'd'),
  name: fc.constantFrom('view', 'cart', 'pay', 'help'),
  type: fc.constantFrom('click', 'custom'),
  category: maybe('shop'),
  device: maybe('mobile', 'desktop'),
  pageUrl: maybe('https://x.test/p?q=1', 'https://x.test/'),
  properties: fc.record({ plan: maybe('free', 'pro') }, { requiredKeys: [] }),
  occurredAt: fc.integer({ min: -6, max: 40 }).map((hours) => new Date(from + hours * HOUR).toISOString()),
})
export const events = (minLength: number) =>
  fc.uniqueArray(event, { minLength, maxLength: 100, selector: ({ id }) => id })

type Filters = Record<string, string>
const match = (name: fc.Arbitrary<string>, filters: Filters[]) =>
  fc.record({
    name,
    filters: fc.oneof(
      { weight: 6, arbitrary: fc.constant({}) },
      { weight: 2, arbitrary: fc.constantFrom(...filters) },
    ),
  })

/** By which rollups tell events apart, and others. */
const byClass: Filters[] = [{ type: 'click' }, { category: 'shop' }]
const byAny: Filters[] = [
  { type: 'click' },
  { device: 'mobile' },
  { device: 'mobile', page: '/p' },
  { 'property.plan': 'pro' },
]

const window = fc.constantFrom('2h', '9h', '14d')

/** Steps of distinct names, none optional, no exclusions. */
export const plain = fc.record({
  steps: fc
    .shuffledSubarray(['view', 'cart', 'pay', 'help'], { minLength: 2 })
    .chain((names) => fc.tuple(...names.map((name) => match(fc.constant(name), byAny)))),
  window,
})

/** Steps of any names, so that an event can match several, with optional ones and exclusions. */
export const rich = fc
  .record({
    steps: fc.array(
      fc
        .tuple(match(fc.constantFrom('view', 'cart', 'pay'), byAny), fc.boolean())
        .map(([one, optional]) => ({ ...one, optional })),
      { minLength: 2, maxLength: 5 },
    ),
    exclusions: fc.oneof(
      fc.constant([]),
      fc.array(match(fc.constantFrom('help', 'pay'), byAny), { minLength: 1, maxLength: 2 }),
    ),
    window,
  })
  .map(withEnds)

/** Steps of distinct names and by what rollups tell apart, with optional ones and exclusions, which may be of a step's name. */
export const apart = fc
  .record({
    steps: fc
      .shuffledSubarray(['view', 'cart', 'pay', 'help'], { minLength: 2 })
      .chain((names) =>
        fc.tuple(
          ...names.map((name) =>
            fc
              .tuple(match(fc.constant(name), byClass), fc.boolean())
              .map(([one, optional]) => ({ ...one, optional })),
          ),
        ),
      ),
    exclusions: fc.oneof(
      fc.constant([]),
      fc.array(match(fc.constantFrom('help', 'pay'), byClass), { minLength: 1, maxLength: 2 }),
    ),
    window,
  })
  .map(withEnds)

/** The first and the last step are not optional. */
function withEnds<Definition extends { steps: { optional: boolean }[] }>(definition: Definition) {
  const steps = definition.steps.map((step, index, { length }) => ({
    ...step,
    optional: step.optional && index > 0 && index < length - 1,
  }))
  return { ...definition, steps }
}
