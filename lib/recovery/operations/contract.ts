import { z } from 'zod'
import { endpoint } from '@/lib/http/endpoint'
import { task } from '@/lib/recovery/tasks/contract'

const step = z.object({
  name: z.enum(['fence', 'promote', 'reconnect', 'verify', 'rejoin']),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'skipped']),
  startedAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
  detail: z.string(),
})
export type Step = z.infer<typeof step>

const operation = z.object({
  id: z.uuid(),
  kind: z.enum(['switchover', 'failover']),
  state: z.enum(['running', 'succeeded', 'failed']),
  cluster: z.string(),
  from: z.string().nullable().describe('The leader before'),
  to: z.string().describe('The member to be promoted'),
  reason: z.string(),
  actor: z.string(),
  approvedBy: z.string().nullable(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  steps: z.array(step),
  message: z.string().describe('What it came to'),
  rtoSeconds: z.number().nullable().describe('From the order until the new leader took a write'),
  pauseSeconds: z
    .number()
    .nullable()
    .describe(
      'From the last moment at which the old leader took writes until the new one did, as it was seen',
    ),
  lostBytes: z
    .number()
    .int()
    .nullable()
    .describe(
      'WAL that the old leader had and the new one never got; null if nobody saw where the old one was',
    ),
  lostRange: z.object({ from: z.string(), to: z.string() }).nullable().describe('As LSNs'),
})
export type Operation = z.infer<typeof operation>

/** Tells a switchover or failover from a task on backups: both are asked for by their ids. */
export const movesLeader = (one: Operation | z.infer<typeof task>): one is Operation => 'to' in one

const BASE = '/api/disaster-recovery/operations'

export const getOperation = endpoint({
  id: 'getOperation',
  method: 'GET',
  path: `${BASE}/{id}`,
  access: 'viewer',
  summary: 'A switchover, failover, backup, drill or restore: its steps, as they run, and what it came to',
  input: z.strictObject({ id: z.uuid() }),
  output: z.union([operation, task]),
})

export const listOperations = endpoint({
  id: 'listOperations',
  method: 'GET',
  path: BASE,
  access: 'viewer',
  summary: 'The newest operations, newest first',
  input: z.strictObject({ limit: z.coerce.number().int().min(1).max(100).default(20) }),
  output: z.object({ operations: z.array(operation) }),
})
