import { z } from 'zod'
import {
  breakdownBy,
  commonFilters,
  compare,
  count,
  coverage,
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
import {
  commonFields,
  durationMs,
  envelope,
  hasUser,
  long,
  noUser,
  recordsOne,
} from '@/lib/analytics/recording/contract'
import { retention, retentionInput } from '@/lib/analytics/retention/contract'
import { endpoint } from '@/lib/http/endpoint'

const BASE = '/api/analytics/user/features'
const action = z.enum(['opened', 'used', 'completed'])

const featureFields = {
  feature: word,
  category: word.optional(),
  action,
  durationMs,
  success: z.boolean().optional().describe('Whether it did what the user wanted; says nothing, if absent'),
  error: long('error').optional().describe('Why it failed; errors are grouped by this text'),
}

/** A feature use as it stands in a batch. */
export const featureRecord = z
  .strictObject({ kind: z.literal('feature'), ...commonFields, ...featureFields })
  .refine(hasUser, noUser)
export type FeatureRecord = z.output<typeof featureRecord>

export const trackFeature = endpoint({
  ...recordsOne,
  id: 'trackFeature',
  path: `${BASE}/track`,
  summary: 'Record one use of a feature',
  input: z.strictObject({ ...envelope, ...commonFields, ...featureFields }).refine(hasUser, noUser),
})

const featureFilters = {
  name: word.optional().describe('The feature'),
  category: word.optional(),
  action: action.optional(),
  ...commonFilters,
}

const uses = {
  opened: count,
  used: count,
  completed: count,
  users: count.describe('Distinct users of any of the three'),
  adoptionRate: rate.describe('Users of the feature over the active users of the range'),
  successRate: rate.describe('Records with success true over records that say true or false'),
  durationMs: percentiles.describe('Over records that have a duration'),
}

const feature = z.object({
  name: z.string(),
  category: z.string().nullable().describe('That of its newest record in the range that has one'),
  ...uses,
  errors: z
    .array(z.object({ message: z.string(), count }))
    .describe('Records by error message, the ten most frequent'),
  series: z.array(z.object({ at: z.iso.datetime(), records: count, users: count })),
})
export type Feature = z.infer<typeof feature>

export const getFeatureStats = endpoint({
  id: 'getFeatureStats',
  method: 'GET',
  path: `${BASE}/stats`,
  access: 'read',
  summary: 'Features: uses, users, adoption, success, duration and errors',
  input: withProperties({
    ...range,
    ...featureFilters,
    interval: intervalParameter,
    breakdown: breakdownBy(['category', 'action', 'device', 'browser', 'os']),
    compare,
    limit: limit(100).describe('Features, and rows of `breakdown`: most users first'),
  }),
  output: z.object({
    ...coverage,
    interval,
    activeUsers: count.describe(
      'Distinct users with a record of any kind in the range that match the filters which records of every kind have',
    ),
    features: z.array(feature),
    breakdown: z
      .array(
        z.object({
          value: z.string().nullable(),
          rest,
          ...uses,
          users: count
            .nullable()
            .describe('Not counted for the rest, which has no adoption and durations either'),
        }),
      )
      .nullable()
      .describe('Most users first; the records of the rows add up to all records'),
    previous: z
      .object({ ...span, activeUsers: count, features: z.array(z.object({ name: z.string(), ...uses })) })
      .nullable(),
  }),
})

export const getFeatureRetention = endpoint({
  id: 'getFeatureRetention',
  method: 'GET',
  path: `${BASE}/{feature}/retention`,
  access: 'read',
  summary: 'Whether those who began to use a feature used it again in the following intervals',
  input: withProperties({ feature: word, ...retentionInput }),
  output: retention,
})
