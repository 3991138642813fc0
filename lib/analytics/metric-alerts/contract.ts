import { z } from 'zod'
import { text, word } from '@/lib/analytics/parameters/contract'
import { surveyKind } from '@/lib/analytics/satisfaction/contract'
import { endpoint } from '@/lib/http/endpoint'

const BASE = '/api/analytics/user/metric-alerts'

const metric = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('event'), name: word }),
    z.strictObject({ kind: z.literal('feature'), name: word }),
    z.strictObject({ kind: z.literal('funnel'), name: word }),
    z.strictObject({ kind: z.literal('survey'), survey: surveyKind }),
  ])
  .describe(
    'What is measured: how often an event came; a feature’s success rate; a funnel’s conversion, tracked or saved; a survey’s score',
  )
export type Metric = z.infer<typeof metric>

const condition = z
  .enum(['above', 'below', 'rises', 'falls'])
  .describe(
    'above: at the bound or above · below: under it · rises, falls: by the bound or more, against the hours before',
  )
export type Condition = z.infer<typeof condition>

/** Whether a number is put against that of the time before. */
export const isChange = (condition: Condition): condition is 'rises' | 'falls' =>
  condition === 'rises' || condition === 'falls'

/** Hours that are looked at: up to 90 days. */
const LONGEST = 2_160

const definition = {
  name: text(100).trim().min(1, 'A name is needed'),
  metric,
  condition,
  bound: z
    .number()
    .min(-100)
    .max(1e12)
    .describe(
      'Events, a rate from 0 to 1, or a score. For rises and falls a share of the value before, 0.2 being 20%; for scores points',
    ),
  windowHours: z
    .number()
    .int()
    .min(1)
    .max(LONGEST)
    .describe('Hours back from now that are measured; rises and falls compare with as many before'),
  atLeast: z
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .describe(
      'Records of the feature, entries into the funnel or responses that are needed, in both times where two are compared; of events in the time before. With fewer nothing is said',
    ),
  active: z.boolean().describe('Whether it is watched'),
}
export type MetricAlertDefinition = z.infer<z.ZodObject<typeof definition>>

type Bounded = Pick<MetricAlertDefinition, 'metric' | 'condition' | 'bound'>

/** Why a bound would never be passed, or always be; undefined where it makes sense. */
function findUnfit({ metric, condition, bound }: Bounded): string | undefined {
  const between = (least: number, most: number, what: string) =>
    bound < least || bound > most ? `${what} is from ${least} to ${most}` : undefined
  if (isChange(condition)) {
    if (bound <= 0) return 'A change has to be above 0'
    return condition === 'falls' && metric.kind !== 'survey'
      ? between(0, 1, 'A share that is lost')
      : undefined
  }
  if (metric.kind === 'survey') {
    const [least, most] = SCORES[metric.survey]
    return between(least, most, 'This score')
  }
  if (bound <= 0) return condition === 'above' ? 'At 0 it would always fire' : 'Below 0 it would never fire'
  if (metric.kind !== 'event') return between(0, 1, 'A rate')
  return Number.isInteger(bound) ? undefined : 'A whole number is needed'
}

/** The values that each survey’s score can have. */
const SCORES = { nps: [-100, 100], csat: [0, 100], ces: [1, 7] } as const

const boundFits = (value: Bounded, context: z.RefinementCtx) => {
  const message = findUnfit(value)
  if (message) context.addIssue({ code: 'custom', path: ['bound'], message })
}

const item = z.object({
  id: z.string(),
  ...definition,
  createdAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
  state: z
    .enum(['ok', 'firing', 'resolved', 'unknown', 'off'])
    .describe('resolved: well again, lately · unknown: too little came, or it was not measured yet'),
  since: z.iso.datetime().nullable(),
  value: z.number().nullable().describe('As last measured'),
  before: z.number().nullable().describe('Of as many hours before; null unless it is compared with'),
  detail: z.string().describe('What was measured, in words'),
  measuredAt: z.iso.datetime().nullable(),
})
export type MetricAlert = z.infer<typeof item>

const project = word.optional()

export const listMetricAlerts = endpoint({
  id: 'listMetricAlerts',
  method: 'GET',
  path: BASE,
  access: 'read',
  summary: 'The metric alerts of the project, oldest first, as the worker last measured them',
  input: z.strictObject({ project }),
  output: z.object({ alerts: z.array(item) }),
})

const MADE_BY =
  'For a secret key, or someone who is operator or admin in the project: others are told when it fires.'
const CHANGED_BY = 'For the secret key that made it, or someone who is operator or admin in the project.'

export const createMetricAlert = endpoint({
  id: 'createMetricAlert',
  method: 'POST',
  path: BASE,
  access: 'read',
  summary: 'Be told when a number of the project passes a bound; 50 a project at the most',
  description: MADE_BY,
  input: z
    .strictObject({
      project,
      ...definition,
      windowHours: definition.windowHours.default(24),
      atLeast: definition.atLeast.default(1),
      active: definition.active.default(true),
    })
    .superRefine(boundFits),
  output: z.object({ alert: item }),
  status: 201,
})

export const replaceMetricAlert = endpoint({
  id: 'replaceMetricAlert',
  method: 'PUT',
  path: `${BASE}/{id}`,
  access: 'read',
  summary: 'Put another definition in the place of a metric alert',
  description: CHANGED_BY,
  input: z.strictObject({ project, id: z.guid(), ...definition }).superRefine(boundFits),
  output: z.object({ alert: item }),
})

export const deleteMetricAlert = endpoint({
  id: 'deleteMetricAlert',
  method: 'DELETE',
  path: `${BASE}/{id}`,
  access: 'read',
  summary: 'Delete a metric alert; one that fires is told to have ended',
  description: CHANGED_BY,
  input: z.strictObject({ project, id: z.guid() }),
  output: z.object({ id: z.string() }),
})
