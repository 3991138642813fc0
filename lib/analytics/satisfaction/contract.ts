import { z } from 'zod'
import { text } from '@/lib/analytics/parameters/contract'
import {
  commonFields,
  envelope,
  hasUser,
  noUser,
  properties,
  recordsOne,
} from '@/lib/analytics/recording/contract'
import { endpoint } from '@/lib/http/endpoint'

/** The scores that each survey has. */
export const scoreRange = { nps: [0, 10], csat: [1, 5], ces: [1, 7] } as const

const survey = z.enum(['nps', 'csat', 'ces'])

const responseFields = {
  survey,
  score: z.number().int().describe('nps 0–10, csat 1–5, ces 1–7'),
  question: text(1000).optional(),
  response: text(5000).optional().describe('In the user’s own words'),
  context: properties.optional().describe('Where and why it was asked: up to 16 KB, 8 levels deep'),
}

const scored = (value: { survey: z.output<typeof survey>; score: number }, context: z.RefinementCtx) => {
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

export const recordSatisfaction = endpoint({
  ...recordsOne,
  id: 'recordSatisfaction',
  path: '/api/analytics/user/satisfaction/record',
  summary: 'Record the answer to a survey',
  input: z
    .strictObject({ ...envelope, ...commonFields, ...responseFields })
    .refine(hasUser, noUser)
    .superRefine(scored),
})
