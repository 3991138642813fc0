import { z } from 'zod'
import { endpoint } from '@/lib/http/endpoint'

/** https://datatracker.ietf.org/doc/html/draft-inadarei-api-health-check-06 */
export const healthStatus = z.enum(['pass', 'warn', 'fail'])
export type HealthStatus = z.infer<typeof healthStatus>

const check = z.object({
  status: healthStatus,
  observedValue: z.union([z.number(), z.string(), z.boolean()]).nullable(),
  observedUnit: z.string().optional(),
  limit: z.string().nullable().describe('What it should be, in words; null where there is no limit'),
  time: z.iso.datetime(),
  output: z.string().optional().describe('Why it is not pass'),
  action: z.string().describe('What to do when it is not'),
})
export type HealthCheck = z.infer<typeof check>

const answer = z.object({
  status: healthStatus.describe('The worst of the checks'),
  checks: z.record(z.string(), z.array(check)).describe('By component:measurement'),
})
export type Health = z.infer<typeof answer>

const BASE = '/api/disaster-recovery/health'

export const getDetailedHealth = endpoint({
  id: 'getDetailedHealth',
  method: 'GET',
  path: `${BASE}/detailed`,
  access: 'viewer',
  summary: 'Everything that a record or a chart depends on: members, database, backups, rollups, spool, disk',
  input: z.strictObject({}),
  output: answer,
})

export const getDatabaseHealth = endpoint({
  id: 'getDatabaseHealth',
  method: 'GET',
  path: `${BASE}/database`,
  access: 'viewer',
  summary: 'The leader’s connections, cache, locks, bloat, wraparound, disk and checksums',
  input: z.strictObject({}),
  output: answer,
})
