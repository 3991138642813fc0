import { z } from 'zod'
import { text, word } from '@/lib/analytics/parameters/contract'
import { surveyKind } from '@/lib/analytics/satisfaction/contract'
import { endpoint } from '@/lib/http/endpoint'

const BASE = '/api/analytics/user/satisfaction/surveys'

const PAGE = /^[/*]/

const fields = {
  question: text(300).trim().min(1, 'A question is needed'),
  followUp: text(300)
    .trim()
    .min(1)
    .nullable()
    .describe('Asked after the score, for words; null asks nothing more'),
  page: text(200)
    .trim()
    .regex(PAGE, 'Expected a path such as /orders/*, or * for every page')
    .describe('Of the path of the pages it is asked on, * standing for anything'),
  delaySeconds: z.number().int().min(0).max(600).describe('Seconds on the page before it is asked'),
  everyDays: z
    .number()
    .int()
    .min(1)
    .max(365)
    .describe('Days until the same person is asked again, answered or not'),
  active: z.boolean().describe('Whether it is asked'),
}

const told = {
  id: z.string(),
  survey: surveyKind,
  question: z.string(),
  followUp: z.string().nullable(),
  delaySeconds: z.number().int(),
  everyDays: z.number().int(),
}

const item = z.object({
  ...told,
  page: z.string(),
  active: z.boolean(),
  createdAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
})
export type SurveyItem = z.infer<typeof item>

const project = word.optional()

export const listSurveys = endpoint({
  id: 'listSurveys',
  method: 'GET',
  path: BASE,
  access: 'read',
  summary: 'The surveys that the tracker asks, and those that are off, oldest first',
  input: z.strictObject({ project }),
  output: z.object({ surveys: z.array(item) }),
})

const MADE_BY =
  'For a secret key, or someone who is operator or admin in the project: it is seen by the users of the apps.'
const CHANGED_BY = 'For the secret key that made it, or someone who is operator or admin in the project.'

export const createSurvey = endpoint({
  id: 'createSurvey',
  method: 'POST',
  path: BASE,
  access: 'read',
  summary: 'Make a survey that the tracker asks; 50 a project at the most',
  description: MADE_BY,
  input: z.strictObject({
    project,
    survey: surveyKind,
    question: fields.question,
    followUp: fields.followUp.default(null),
    page: fields.page.default('*'),
    delaySeconds: fields.delaySeconds.default(10),
    everyDays: fields.everyDays.default(90),
    active: fields.active.default(true),
  }),
  output: z.object({ survey: item }),
  status: 201,
})

export const updateSurvey = endpoint({
  id: 'updateSurvey',
  method: 'PATCH',
  path: `${BASE}/{id}`,
  access: 'read',
  summary: 'Change what is given of a survey',
  description: `${CHANGED_BY} Its kind stays: scores of another one mean something else.`,
  input: z.strictObject({ project, id: z.guid() }).extend(z.object(fields).partial().shape),
  output: z.object({ survey: item }),
})

export const deleteSurvey = endpoint({
  id: 'deleteSurvey',
  method: 'DELETE',
  path: `${BASE}/{id}`,
  access: 'read',
  summary: 'Delete a survey; no response is touched',
  description: CHANGED_BY,
  input: z.strictObject({ project, id: z.guid() }),
  output: z.object({ id: z.string() }),
})

export const listDueSurveys = endpoint({
  id: 'listDueSurveys',
  method: 'GET',
  path: `${BASE}/due`,
  access: 'record',
  summary: 'The active surveys, as the tracker asks for them',
  description:
    'A change is told within 5 s by every server, and reaches a browser when the minute that it may keep an answer is over.',
  input: z.strictObject({
    writeKey: z.string().max(100).optional().describe('Instead of the Authorization header'),
  }),
  output: z.object({
    surveys: z.array(
      z.object({
        ...told,
        pattern: z.string().describe('A regular expression for the paths of its pages'),
      }),
    ),
  }),
  maxAge: 60,
})
