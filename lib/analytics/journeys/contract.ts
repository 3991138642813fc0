import { z } from 'zod'
import {
  breakdownBy,
  commonFilters,
  compare,
  count,
  coverage,
  cursor,
  interval,
  intervalParameter,
  limit,
  percentiles,
  range,
  rate,
  rest,
  span,
  withProperties,
  word,
} from '@/lib/analytics/parameters/contract'
import { commonFields, envelope, hasUser, noUser, recordsOne } from '@/lib/analytics/recording/contract'
import { endpoint } from '@/lib/http/endpoint'

const BASE = '/api/analytics/user/journeys'

const runFields = {
  journey: word.describe('onboarding, trading, support, or your own'),
  runId: word.optional().describe('One pass through the journey; one a user and journey, if absent'),
}

const stepFields = { ...runFields, step: word }

/** A step as it stands in a batch. */
export const stepRecord = z
  .strictObject({ kind: z.literal('step'), ...commonFields, ...stepFields })
  .refine(hasUser, noUser)

/** The completion of a run as it stands in a batch. */
export const journeyCompletion = z
  .strictObject({ kind: z.literal('step'), completed: z.literal(true), ...commonFields, ...runFields })
  .refine(hasUser, noUser)

export type StepRecord = z.output<typeof stepRecord> | z.output<typeof journeyCompletion>

export const trackStep = endpoint({
  ...recordsOne,
  id: 'trackStep',
  path: `${BASE}/track`,
  summary: 'Record a step of a journey',
  input: z.strictObject({ ...envelope, ...commonFields, ...stepFields }).refine(hasUser, noUser),
})

export const completeJourney = endpoint({
  ...recordsOne,
  id: 'completeJourney',
  path: `${BASE}/complete`,
  summary: 'Record that a run of a journey is complete',
  description: 'A run that was never started is accepted all the same, and counted as completed.',
  input: z.strictObject({ ...envelope, ...commonFields, ...runFields }).refine(hasUser, noUser),
})

const source = z
  .enum(['steps', 'events'])
  .default('steps')
  .describe('events: sessions as runs and page views as steps')

const run = z.object({
  journey: z.string(),
  runId: z.string(),
  userId: z.string(),
  path: z.array(z.string()).describe('The steps in order of time; a step repeated at once stands once'),
  steps: z.array(
    z.object({
      step: z.string(),
      at: z.iso.datetime(),
      previous: z.string().nullable(),
      next: z.string().nullable(),
      timeOnStepMs: z.number().nullable().describe('Until the next step or the completion'),
    }),
  ),
  startedAt: z.iso.datetime(),
  completedAt: z.iso.datetime().nullable(),
  durationMs: z.number().describe('From the first to the last record'),
})
export type JourneyRun = z.infer<typeof run>

export const listJourneyRuns = endpoint({
  id: 'listJourneyRuns',
  method: 'GET',
  path: BASE,
  access: 'read',
  summary: 'Runs of journeys, newest first, with their steps',
  input: withProperties({
    ...range,
    ...commonFilters,
    journey: word.optional(),
    runId: word.optional(),
    completed: z.enum(['true', 'false']).optional(),
    limit: limit(50),
    cursor,
  }),
  output: z.object({ ...coverage, items: z.array(run), nextCursor: z.string().nullable() }),
})

const journeyRates = { started: count, completed: count, completionRate: rate }
const journeySeries = z.array(z.object({ at: z.iso.datetime(), ...journeyRates }))

export const getJourneyAnalytics = endpoint({
  id: 'getJourneyAnalytics',
  method: 'GET',
  path: `${BASE}/analytics`,
  access: 'read',
  summary: 'Journeys: steps, transitions, exits, top paths and completion',
  description:
    'A run counts in the range in which it begins, with the dimensions of its first record; its later steps count whenever they came.',
  input: withProperties({
    ...range,
    ...commonFilters,
    journey: word.optional().describe('All journeys, if left out; not for source=events'),
    source,
    start: word.optional().describe('Only runs that have this step, from its first time on'),
    end: word.optional().describe('Only runs that have this step (after start), up to its first time'),
    interval: intervalParameter,
    breakdown: breakdownBy(['device', 'browser', 'os']),
    compare,
    limit: limit(20).describe('Rows of steps, transitions and topPaths'),
  }),
  output: z.object({
    ...coverage,
    interval,
    journeys: z
      .array(z.object({ name: z.string(), started: count }))
      .describe('Journeys with runs in the range, whichever is asked for'),
    ...journeyRates,
    durationMs: percentiles.describe('Of completed runs'),
    steps: z.array(
      z.object({
        name: z.string(),
        visits: count,
        users: count,
        exits: count.describe('Runs that ended here without completing'),
        exitRate: rate.describe('exits / visits'),
        timeOnStepMs: percentiles,
      }),
    ),
    transitions: z.array(z.object({ from: z.string(), to: z.string(), count })),
    links: z
      .array(z.object({ position: z.number().int(), from: z.string(), to: z.string().nullable(), count }))
      .describe(
        'Transitions by position in the path, from 1 to 6, for a flow chart: to is null where runs end. Steps beyond the eight most frequent of a position are named Other',
      ),
    topPaths: z.array(z.object({ path: z.array(z.string()), count, completionRate: rate })),
    series: journeySeries,
    breakdown: z
      .array(z.object({ value: z.string().nullable(), rest, ...journeyRates, durationMs: percentiles }))
      .nullable()
      .describe('The ten values with the most runs, and all others; the durations of those are not measured'),
    previous: z
      .object({ ...span, ...journeyRates, durationMs: percentiles, series: journeySeries })
      .nullable(),
  }),
})
