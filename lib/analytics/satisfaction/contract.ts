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
  range,
  rest,
  span,
  text,
  withProperties,
} from '@/lib/analytics/parameters/contract'
import {
  commonFields,
  envelope,
  hasUser,
  long,
  noUser,
  properties,
  recordsOne,
} from '@/lib/analytics/recording/contract'
import { endpoint } from '@/lib/http/endpoint'

/** The scores that each survey has. */
export const scoreRange = { nps: [0, 10], csat: [1, 5], ces: [1, 7] } as const

/** What a survey asks for. */
export const surveyKind = z.enum(['nps', 'csat', 'ces'])

const responseFields = {
  survey: surveyKind,
  score: z.number().int().describe('nps 0–10, csat 1–5, ces 1–7'),
  question: long('question').optional(),
  response: long('response').optional().describe('In the user’s own words'),
  context: properties.optional().describe('Where and why it was asked: up to 16 KB, 8 levels deep'),
}

const scored = (value: { survey: z.output<typeof surveyKind>; score: number }, context: z.RefinementCtx) => {
  const [least, most] = scoreRange[value.survey]
  if (value.score >= least && value.score <= most) return
  context.addIssue({
    code: 'custom',
    path: ['score'],
    message: `${value.survey} has scores from ${least} to ${most}`,
  })
}

/** A response as it stands in a batch. */
export const responseRecord = z
  .strictObject({ kind: z.literal('response'), ...commonFields, ...responseFields })
  .refine(hasUser, noUser)
  .superRefine(scored)
export type ResponseRecord = z.output<typeof responseRecord>

const BASE = '/api/analytics/user/satisfaction'

export const recordSatisfaction = endpoint({
  ...recordsOne,
  id: 'recordSatisfaction',
  path: `${BASE}/record`,
  summary: 'Record the answer to a survey',
  input: z
    .strictObject({ ...envelope, ...commonFields, ...responseFields })
    .refine(hasUser, noUser)
    .superRefine(scored),
})

const KINDS = ['property', 'context'] as const

const responseFilters = { question: text(1000).optional(), ...commonFilters }

const scores = {
  responses: count,
  score: z
    .number()
    .nullable()
    .describe('nps: % 9–10 minus % 0–6, from -100 to 100. csat: % 4–5, from 0 to 100. ces: the mean'),
  average: z.number().nullable().describe('The mean of the scores'),
}

const npsGroups = {
  promoters: count.optional().describe('nps only: 9–10'),
  passives: count.optional().describe('nps only: 7–8'),
  detractors: count.optional().describe('nps only: 0–6'),
}

const distribution = z
  .array(z.object({ score: z.number().int(), count }))
  .describe('Every score of the survey, in order')

const scoreSeries = z.array(
  z.object({ at: z.iso.datetime(), score: z.number().nullable(), responses: count }),
)

export const getSatisfactionMetrics = endpoint({
  id: 'getSatisfactionMetrics',
  method: 'GET',
  path: `${BASE}/metrics`,
  access: 'read',
  summary: 'A survey: its score, distribution and trend, and by a dimension',
  input: withProperties(
    {
      ...range,
      ...responseFilters,
      survey: surveyKind.default('nps'),
      interval: intervalParameter,
      breakdown: breakdownBy(['question', 'device', 'browser', 'os'], KINDS),
      compare,
      limit: limit(20).describe('Rows of breakdown, most responses first'),
    },
    KINDS,
  ),
  output: z.object({
    ...coverage,
    interval,
    survey: surveyKind,
    ...scores,
    ...npsGroups,
    distribution,
    series: scoreSeries,
    contextKeys: z.array(z.string()).describe('Keys of the contexts of the newest 5,000 responses'),
    breakdown: z
      .array(z.object({ value: z.string().nullable(), rest, ...scores }))
      .nullable()
      .describe('Most responses first; the rows add up to all responses'),
    previous: z.object({ ...span, ...scores, ...npsGroups, distribution, series: scoreSeries }).nullable(),
  }),
})

const responseItem = z.object({
  id: z.string(),
  survey: surveyKind,
  score: z.number().int(),
  question: z.string().nullable(),
  response: z.string().nullable(),
  context: z.record(z.string(), z.unknown()).nullable(),
  userId: z.string(),
  sessionId: z.string().nullable(),
  device: z.string().nullable(),
  browser: z.string().nullable(),
  os: z.string().nullable(),
  occurredAt: z.iso.datetime(),
})
export type ResponseItem = z.infer<typeof responseItem>

export const listResponses = endpoint({
  id: 'listResponses',
  method: 'GET',
  path: `${BASE}/responses`,
  access: 'read',
  summary: 'Responses with a text, newest first',
  input: withProperties(
    {
      ...range,
      ...responseFilters,
      survey: surveyKind.optional(),
      search: text(200).optional().describe('Responses that contain these words, in any case and order'),
      scoreFrom: z.coerce.number().int().min(0).max(10).optional(),
      scoreTo: z.coerce.number().int().min(0).max(10).optional(),
      limit: limit(50),
      cursor,
    },
    KINDS,
  ),
  output: z.object({ ...coverage, items: z.array(responseItem), nextCursor: z.string().nullable() }),
})
