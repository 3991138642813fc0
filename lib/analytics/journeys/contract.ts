import { z } from 'zod'
import { word } from '@/lib/analytics/parameters/contract'
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
