import { z } from 'zod'
import { endpoint } from '@/lib/http/endpoint'

const level = z.enum(['warning', 'critical'])
export type Level = z.infer<typeof level>

const state = z
  .enum(['ok', 'pending', 'firing', 'resolved'])
  .describe('pending: bad, but not for long enough · resolved: well again, lately')
export type AlertState = z.infer<typeof state>

const unit = z.enum(['members', 'bytes', 'share', 'seconds', 'segments', 'transactions', 'records', 'faults'])
export type Unit = z.infer<typeof unit>

const limit = z.number().min(0).max(Number.MAX_SAFE_INTEGER).nullable()
const seconds = z.number().int().min(0).max(3600)
const thresholdFields = {
  warn: limit.describe('From here on it is a warning; null for never'),
  critical: limit.describe('From here on it is critical; null for never'),
  holdSeconds: seconds.describe('For how long it must hold before it fires'),
  clearSeconds: seconds.describe('For how long it must be well before it resolves'),
}
const thresholds = z.object(thresholdFields)
export type Thresholds = z.infer<typeof thresholds>

const rule = z.object({
  id: z.string(),
  title: z.string(),
  observes: z.string(),
  unit,
  bad: z.enum(['above', 'below']).describe('On which side of its thresholds it is bad'),
  fixed: z.boolean().describe('Only its times can be changed'),
  why: z.string(),
  action: z.string(),
  page: z.string().describe('Where something is done about it'),
  thresholds,
  defaults: thresholds,
  state,
  level: level.nullable().describe('Of what fires'),
  since: z.iso.datetime().nullable(),
  value: z.number().nullable().describe('As last observed, in the unit; null if it is not known'),
  detail: z.string().describe('What was observed, in words'),
  known: z.boolean().describe('false: it could not be observed just now, so it keeps its state'),
  applies: z.boolean().describe('false: there is nothing of the kind here'),
  silencedUntil: z.iso.datetime().nullable(),
})
export type AlertRule = z.infer<typeof rule>

const change = z.object({
  id: z.uuid(),
  rule: z.string(),
  title: z.string(),
  kind: z.enum(['firing', 'resolved']),
  level,
  at: z.iso.datetime(),
  since: z.iso.datetime().describe('Since when it fires, or fired'),
  value: z.number().nullable(),
  detail: z.string(),
})
export type AlertChange = z.infer<typeof change>

const BASE = '/api/disaster-recovery/alerts'
const named = { rule: z.string().min(1).max(100) }
const done = z.object({ rule })

export const getAlerts = endpoint({
  id: 'getAlerts',
  method: 'GET',
  path: BASE,
  access: 'viewer',
  summary:
    'Every alert: what is observed, its thresholds, its state, and what changed lately; needs no database',
  input: z.strictObject({}),
  output: z.object({
    asOf: z.iso.datetime().nullable().describe('When the worker last looked; null if it never did'),
    rules: z.array(rule),
    history: z.array(change).describe('Newest first'),
  }),
})

const firing = z.object({
  rule: z.string(),
  level,
  title: z.string(),
  since: z.iso.datetime(),
  detail: z.string(),
  action: z.string(),
  page: z.string().describe('Where it is shown'),
})
export type FiringAlert = z.infer<typeof firing>

export const listFiringAlerts = endpoint({
  id: 'listFiringAlerts',
  method: 'GET',
  path: `${BASE}/firing`,
  access: 'viewer',
  summary:
    'The banner of every page: critical alerts that fire and are not silenced, records that wait in the spool, and the metric alerts of one’s projects',
  input: z.strictObject({}),
  output: z.object({ alerts: z.array(firing) }),
})

export const setThresholds = endpoint({
  id: 'setThresholds',
  method: 'PUT',
  path: `${BASE}/rules/{rule}`,
  access: 'operator',
  summary: 'Change when an alert fires',
  input: z.strictObject({ ...named, ...thresholdFields }),
  output: done,
})

export const resetThresholds = endpoint({
  id: 'resetThresholds',
  method: 'DELETE',
  path: `${BASE}/rules/{rule}`,
  access: 'operator',
  summary: 'Let an alert fire when it does by default',
  input: z.strictObject(named),
  output: done,
})

export const silenceAlert = endpoint({
  id: 'silenceAlert',
  method: 'POST',
  path: `${BASE}/rules/{rule}/silence`,
  access: 'operator',
  summary: 'Keep an alert from being announced for a time; 0 minutes end that',
  description: 'Its state goes on. What still fires when the time is over is announced then.',
  input: z.strictObject({ ...named, minutes: z.number().int().min(0).max(10_080) }),
  output: done,
})
