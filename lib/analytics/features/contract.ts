import { z } from 'zod'
import { text, word } from '@/lib/analytics/parameters/contract'
import {
  commonFields,
  durationMs,
  envelope,
  hasUser,
  noUser,
  recordsOne,
} from '@/lib/analytics/recording/contract'
import { endpoint } from '@/lib/http/endpoint'

const featureFields = {
  feature: word,
  category: word.optional(),
  action: z.enum(['opened', 'used', 'completed']),
  durationMs,
  success: z.boolean().optional().describe('Whether it did what the user wanted; says nothing, if absent'),
  error: text(2000).optional().describe('Why it failed; errors are grouped by this text'),
}

/** A feature use as it stands in a batch. */
export const featureRecord = z
  .strictObject({ kind: z.literal('feature'), ...commonFields, ...featureFields })
  .refine(hasUser, noUser)
export type FeatureRecord = z.output<typeof featureRecord>

export const trackFeature = endpoint({
  ...recordsOne,
  id: 'trackFeature',
  path: '/api/analytics/user/features/track',
  summary: 'Record one use of a feature',
  input: z.strictObject({ ...envelope, ...commonFields, ...featureFields }).refine(hasUser, noUser),
})
