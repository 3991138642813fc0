import fc from 'fast-check'
import { expect, it } from 'vitest'
import { intervalsIn } from '@/db/queries/analytics/intervals'
import type { Moments } from '@/db/queries/analytics/rollups/decode-moments'
import { funnelDefinition } from '@/lib/analytics/funnels/contract'
import { placesOf, windowMs } from '@/lib/analytics/funnels/definition'
import { matches, reference, type Sent, timeOf } from '@/lib/analytics/funnels/events.reference'
import { apart, event, from, to } from '@/lib/analytics/funnels/events.samples'
import { countFound, measureFound } from '@/lib/analytics/funnels/measure'
import { numberUsers } from '@/lib/analytics/funnels/number-users'
import { findPasses } from '@/lib/analytics/funnels/passes'
import { answerOf } from '@/lib/analytics/funnels/stages'
import { rates, rounded, seriesFrom, stagesFrom } from '@/lib/analytics/funnels/testing'
import { timelinesOf } from '@/lib/analytics/funnels/timelines'
import { paceOf } from '@/lib/pace'
import { seed, sets } from '@/scripts/test/random-sets'

/** Passes that are found in memory, against the reference for those that are found by SQL too. */

const ordinals: Record<string, number> = { a: 10, b: 20, c: 63, d: 1_000 }

const events = fc.array(event, { minLength: 50, maxLength: 150 })

const momentsOf = (sent: Sent[]): Moments => ({
  users: Int32Array.from(sent, ({ userId }) => ordinals[userId] as number),
  times: Float64Array.from(sent, (event) => timeOf(event) * 1_000),
})

/** Some in one list, some in another. */
const listsOf = (sent: Sent[]): Moments[] => [momentsOf(sent.slice(0, 7)), momentsOf(sent.slice(7))]

it('are those of a reference on 1,000 random data sets', async () => {
  await fc.assert(
    fc.asyncProperty(events, apart, fc.boolean(), async (sent, given, onPhones) => {
      const definition = funnelDefinition.parse(given)
      const { steps, exclusions, window } = definition
      const chosen = (event: Sent) => !onPhones || event.device === 'mobile'
      const inRange = sent.filter((event) => timeOf(event) >= from && timeOf(event) < to)
      const lists = steps.map((step, index) =>
        listsOf(inRange.filter((event) => matches(event, step) && (index > 0 || chosen(event)))),
      )
      const excluded = listsOf(inRange.filter((event) => exclusions.some((one) => matches(event, one))))

      const pace = paceOf()
      const users = await numberUsers([...lists.flat(), ...excluded], 1_001, pace)
      const course = {
        steps: await Promise.all(
          steps.map(async ({ optional }, index) => ({
            events: await timelinesOf(lists[index] as Moments[], users, pace),
            optional,
          })),
        ),
        excluded: await timelinesOf(excluded, users, pace),
        windowUs: windowMs(window) * 1_000,
      }
      const found = {
        passes: await findPasses(course, users, pace),
        optional: steps.map(({ optional }) => optional),
      }
      const span = { from: new Date(from), to: new Date(to), timezone: 'UTC', now: new Date(to) }
      const intervals = intervalsIn(span, 'hour')
      const answer = answerOf(placesOf(definition), await measureFound(found, intervals, pace))

      const question = { windowMs: windowMs(window), chosen, value: () => undefined }
      const passes = reference(sent, definition, from, to, question)
      const stages = steps.map(({ name, optional }, index) => ({ name, order: index + 1, optional }))
      expect(answer).toMatchObject(rates(passes))
      expect(rounded(answer.stages)).toEqual(rounded(stagesFrom(stages, passes)))
      expect(answer.series).toEqual(seriesFrom(intervals.starts, passes))
      const { entered, completed } = rates(passes)
      expect(await countFound(found, pace)).toEqual({ entered, completed })
    }),
    { numRuns: sets(1_000), seed },
  )
})

it('of one user with very many events are found in parts', async () => {
  const moments = (count: number, first: number): Moments => ({
    users: new Int32Array(count),
    // Every third second, in an order in which each is far from the next.
    times: Float64Array.from({ length: count }, (_, index) => first + ((index * 7_919) % count) * 3_000_000),
  })
  let pauses = 0
  const pace = { ...paceOf(), rest: async () => void pauses++ }
  const [begins, steps] = [moments(200_000, 0), moments(100_000, 1_000_000)]
  const events = await Promise.all([begins, steps].map((list) => timelinesOf([list], 1, pace)))
  for (const { times } of events) {
    expect(Buffer.from(times.buffer).equals(Buffer.from(times.slice().sort().buffer))).toBe(true)
  }
  const course = {
    steps: events.map((events) => ({ events, optional: false })),
    excluded: await timelinesOf([moments(200_000, 500_000)], 1, pace),
    windowUs: 1e15,
  }
  pauses = 0
  const [first, second] = await findPasses(course, 1, pace)
  // An exclusion follows each event of the first step before any of the second.
  expect([first, second]).toEqual([Float64Array.of(0), Float64Array.of(Number.POSITIVE_INFINITY)])
  expect(pauses).toBeGreaterThan(4)
})
