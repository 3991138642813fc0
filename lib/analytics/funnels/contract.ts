import { z } from 'zod'
import { word } from '@/lib/analytics/parameters/contract'
import { commonFields, envelope, hasUser, noUser, recordsOne } from '@/lib/analytics/recording/contract'
import { endpoint } from '@/lib/http/endpoint'

const BASE = '/api/analytics/user/funnels'

const runFields = {
  funnel: word,
  runId: word.optional().describe('One pass through the funnel; one a user and funnel, if absent'),
}

const stageFields = {
  ...runFields,
  stage: word,
  stageOrder: z.number().int().min(1).max(1000).describe('From 1'),
}

/** A stage as it stands in a batch. */
export const stageRecord = z
  .strictObject({ kind: z.literal('stage'), ...commonFields, ...stageFields })
  .refine(hasUser, noUser)

/** The completion of a run as it stands in a batch. */
export const funnelCompletion = z
  .strictObject({ kind: z.literal('stage'), completed: z.literal(true), ...commonFields, ...runFields })
  .refine(hasUser, noUser)

export type StageRecord = z.output<typeof stageRecord> | z.output<typeof funnelCompletion>

export const trackStage = endpoint({
  ...recordsOne,
  id: 'trackStage',
  path: `${BASE}/track`,
  summary: 'Record that a run entered a stage of a funnel',
  input: z.strictObject({ ...envelope, ...commonFields, ...stageFields }).refine(hasUser, noUser),
})

export const completeFunnel = endpoint({
  ...recordsOne,
  id: 'completeFunnel',
  path: `${BASE}/complete`,
  summary: 'Record that a run of a funnel is complete',
  description: 'A run that was never started is accepted all the same, and counted as completed.',
  input: z.strictObject({ ...envelope, ...commonFields, ...runFields }).refine(hasUser, noUser),
})
