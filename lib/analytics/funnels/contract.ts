import { z } from 'zod'
import {
  breakdownBy,
  commonFilters,
  compare,
  count,
  coverage,
  interval,
  intervalParameter,
  percentiles,
  range,
  rate,
  rest,
  span,
  text,
  withProperties,
  word,
} from '@/lib/analytics/parameters/contract'
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

const WINDOW = /^([1-9]\d{0,3})([mhdw])$/

/** A length of time, such as 30m, 12h, 7d or 4w. */
export const window = z
  .string()
  .max(6)
  .refine((value) => WINDOW.test(value), { error: 'Expected a length of time such as 30m, 12h, 7d or 4w' })

/** Events by name and by the values of fields and properties, all of which must match. */
const eventMatch = {
  name: word,
  filters: z
    .record(z.string().max(120), text(1000))
    .default({})
    .describe('By type, category, page, device, browser, os or property.<key>'),
}

const funnelStep = z.strictObject({
  ...eventMatch,
  label: word.optional().describe('The event’s name, if left out'),
  optional: z.boolean().default(false).describe('A user who leaves it out can still enter the next step'),
})

/** A funnel over events, counted by user. */
export const funnelDefinition = z
  .strictObject({
    steps: z.array(funnelStep).min(2).max(10),
    exclusions: z
      .array(z.strictObject({ ...eventMatch }))
      .max(10)
      .default([])
      .describe('A pass ends at such an event'),
    window: window.default('14d').describe('From the first step'),
  })
  .refine(({ steps }) => !steps[0]?.optional && !steps.at(-1)?.optional, {
    path: ['steps'],
    error: 'The first and the last step cannot be optional',
  })
export type FunnelDefinition = z.output<typeof funnelDefinition>

const rates = {
  entered: count,
  completed: count,
  conversionRate: rate.describe('completed / entered'),
}

const stage = z.object({
  name: z.string(),
  order: z.number().int(),
  optional: z.boolean(),
  entered: count,
  conversionFromPrevious: rate.describe('Over the stage before that is not optional'),
  conversionFromStart: rate,
  dropOff: count.describe('Entered the stage before that is not optional, but not this one'),
  timeToStageMs: percentiles.describe('Since the first stage'),
  timeInStageMs: percentiles.describe('Until the next stage that was entered'),
})
export type FunnelStage = z.infer<typeof stage>

const funnelSeries = z.array(z.object({ at: z.iso.datetime(), ...rates }))

const source = z.enum(['stages', 'events'])

export const listFunnels = endpoint({
  id: 'listFunnels',
  method: 'GET',
  path: BASE,
  access: 'read',
  summary: 'Every funnel, tracked and saved, with its conversion',
  description:
    'Where there is no time left to count a saved funnel, its numbers are null: it is counted when asked for alone.',
  input: withProperties({ ...range, ...commonFilters }),
  output: z.object({
    ...coverage,
    funnels: z.array(
      z.object({
        name: z.string(),
        source,
        ...rates,
        entered: count.nullable(),
        completed: count.nullable(),
        definition: funnelDefinition.nullable().describe('Of a funnel from events'),
      }),
    ),
  }),
})

export const listFunnelNames = endpoint({
  id: 'listFunnelNames',
  method: 'GET',
  // Not below the others: there it would be a funnel of this name.
  path: '/api/analytics/user/funnel-names',
  access: 'read',
  summary: 'The name of every funnel, tracked and saved',
  description: 'Those of listFunnels without their numbers, which take a while where many funnels are saved.',
  input: z.strictObject(range),
  output: z.object({
    ...coverage,
    funnels: z.array(z.object({ name: z.string(), source })),
  }),
})

const funnelDimensions = ['device', 'browser', 'os'] as const

export const getFunnelAnalytics = endpoint({
  id: 'getFunnelAnalytics',
  method: 'GET',
  path: `${BASE}/{funnel}/analytics`,
  access: 'read',
  summary: 'A funnel: its stages with drop-off and times, over time, and by a dimension',
  description:
    'A saved funnel from events is read by its name; `definition` reads one that is not saved. A run, and a user’s pass, counts in the range in which it begins, with the dimensions of its first record.',
  input: withProperties({
    funnel: word,
    ...range,
    ...commonFilters,
    interval: intervalParameter,
    breakdown: breakdownBy(funnelDimensions),
    compare,
    strict: z
      .enum(['true', 'false'])
      .default('true')
      .describe('false counts the stages of a run in any order; for tracked stages'),
    window: window.optional().describe('Limits a run, from its first stage'),
    definition: z
      .string()
      .max(8_000)
      .optional()
      .describe('JSON of a funnel from events, as POST /funnels takes it: read instead of a saved one'),
  }),
  output: z.object({
    ...coverage,
    interval,
    funnel: z.string(),
    source: z.enum(['stages', 'events']),
    definition: funnelDefinition.nullable(),
    ...rates,
    stages: z.array(stage),
    series: funnelSeries,
    breakdown: z
      .array(z.object({ value: z.string().nullable(), rest, ...rates, stages: z.array(stage) }))
      .nullable()
      .describe('The ten values with the most runs, and all others; the times of those are not measured'),
    previous: z.object({ ...span, ...rates, stages: z.array(stage), series: funnelSeries }).nullable(),
  }),
})

export const saveFunnel = endpoint({
  id: 'saveFunnel',
  method: 'POST',
  path: BASE,
  access: 'read',
  summary: 'Save a funnel from events by name; one of that name is replaced by its maker or an operator',
  input: z.strictObject({ project: word.optional(), name: word, definition: funnelDefinition }),
  output: z.object({ name: z.string(), definition: funnelDefinition }),
})

export const deleteFunnel = endpoint({
  id: 'deleteFunnel',
  method: 'DELETE',
  path: `${BASE}/{funnel}`,
  access: 'read',
  summary: 'Delete a saved funnel, by its maker or an operator; no record is touched',
  input: z.strictObject({ project: word.optional(), funnel: word }),
  output: z.object({ name: z.string() }),
})
