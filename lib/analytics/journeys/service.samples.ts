import fc from 'fast-check'
import type { Sent } from '@/lib/analytics/journeys/service.reference'

/** Random records of journeys and page views, with ties, pauses and runs across the ends of a range: for tests only. */

const START = Date.parse('2026-03-27T00:00:00Z')
const QUARTER = 900_000

const maybe = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined })
const few = ['a', 'b', 'c']
/** More than a flow chart names. */
const many = [...'abcdefghijkl']

const common = {
  device: maybe('mobile', 'desktop'),
  properties: fc.record({ plan: maybe('free', 'pro') }),
  // Quarters of an hour since the record before, so that there are ties and pauses of exactly half an hour.
  after: fc.integer({ min: 0, max: 3 }),
}

type Made = Omit<Sent, 'id' | 'userId' | 'occurredAt'> & { after: number }
type Placed = Omit<Sent, 'id'>
const place = (records: Made[], begin: number, shared: Partial<Sent> & { userId: string }): Placed[] => {
  let at = begin
  return records.map(({ after, ...record }) => {
    at += after
    return { ...record, ...shared, occurredAt: new Date(START + at * QUARTER).toISOString() }
  })
}

/** Mostly in the range. */
const begin = fc.oneof(fc.integer({ min: 0, max: 4 * 96 }), fc.integer({ min: 2 * 96, max: 4 * 96 }))
const stepsOf = (names: string[]) =>
  fc
    .record({
      userId: fc.constantFrom('u', 'v', 'w'),
      journey: fc.constantFrom('onboarding', 'trading'),
      runId: fc.constantFrom('1', '2', '3', '4', '5', '6', '7', '8', '9'),
      sessionId: maybe('s'),
      begin,
      records: fc.array(
        fc.record({
          ...common,
          step: fc.option(fc.constantFrom(...names), { nil: undefined, freq: 6 }),
        }),
        { minLength: 1, maxLength: 9 },
      ),
    })
    .map(({ records, begin, ...shared }) =>
      place(
        records.map((record) => (record.step === undefined ? { ...record, completed: true } : record)),
        begin,
        shared,
      ),
    )

const viewsOf = (names: string[]) =>
  fc
    .record({
      userId: fc.constantFrom('u', 'v', 'w'),
      sessionId: maybe('s', 't'),
      begin,
      records: fc.array(
        fc.record({
          ...common,
          type: fc.constantFrom('page_view', 'page_view', 'page_view', 'click'),
          pageUrl: fc.option(fc.constantFrom(...names.map((name) => `/${name}`)), {
            nil: undefined,
            freq: 9,
          }),
        }),
        { minLength: 1, maxLength: 9 },
      ),
    })
    .map(({ records, begin, ...shared }) => place(records, begin, shared))

/** Different, and in an order that says nothing. */
const idOf = (index: number) =>
  `${((index * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`

const dataOf = (makeRuns: (names: string[]) => fc.Arbitrary<Placed[]>): fc.Arbitrary<Sent[]> =>
  fc
    .constantFrom(few, few, many)
    .chain((names) =>
      fc.array(
        makeRuns(names),
        names === many ? { minLength: 25, maxLength: 50 } : { maxLength: 14, size: 'max' },
      ),
    )
    .chain((runs) => fc.shuffledSubarray(runs.flat(), { minLength: runs.flat().length }))
    .map((records) => records.map((record, index) => ({ id: idOf(index), ...record })))

/** The records of some tracked runs, in no order. */
export const sentSteps = () => dataOf(stepsOf)

/** The page views and clicks of some sessions, in no order. */
export const sentViews = () => dataOf(viewsOf)
