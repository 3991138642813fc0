import { z } from 'zod'
import { endpoint } from '@/lib/http/endpoint'
import { guard, guardedAnswer } from '@/lib/recovery/guard/contract'

const mode = z
  .enum(['switchover', 'failover'])
  .describe('switchover: the leader is alive, nothing is lost · failover: the leader is lost')
export type Mode = z.infer<typeof mode>

const check = z.object({
  name: z.string(),
  status: z.enum(['pass', 'warn', 'fail']),
  observed: z.string(),
  limit: z.string(),
  message: z.string().describe('Why it matters'),
  overridable: z.boolean().describe('An operator may go on by naming the loss that they accept'),
})
export type Check = z.infer<typeof check>

const candidate = z.object({
  name: z.string(),
  chosen: z.boolean(),
  eligible: z.boolean(),
  reason: z.string(),
})

const plan = z.object({
  planId: z.uuid(),
  madeBy: z.string(),
  madeAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  mode,
  cluster: z.string(),
  leader: z.string().nullable(),
  candidate: z.string().nullable(),
  candidates: z.array(candidate),
  timeline: z.number().int().nullable(),
  verdict: z
    .enum(['ready', 'overridable', 'refused'])
    .describe('overridable: only with acceptLossBytes · refused: it may not be carried out'),
  lossBytes: z
    .number()
    .int()
    .nullable()
    .describe(
      'What would be lost, in bytes of WAL: 0 if all that was acknowledged is on the candidate; null if unknown',
    ),
  checks: z.array(check),
  twoPerson: z.boolean().describe('A second operator has to approve it'),
  approvedBy: z.string().nullable(),
  steps: z.array(z.string()).describe('What will be done, in order'),
})
export type Plan = z.infer<typeof plan>

const request = z.strictObject({
  dryRun: z.literal(true),
  mode,
  candidate: z.string().min(1).max(100).optional(),
})

const order = z.strictObject({
  dryRun: z.literal(false).optional(),
  planId: z.uuid(),
  mode,
  candidate: z.string().min(1).max(100),
  ...guard,
  acceptLossBytes: z
    .number()
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .optional()
    .describe(
      'Overrides the checks that failed in the plan: at least its lossBytes, and more than 0 where those are null',
    ),
  scheduledAt: z.iso
    .datetime({ offset: true })
    .optional()
    .describe('Of a switchover: the engine carries it out then, by its own checks, instead of now'),
})
export type Order = z.output<typeof order>

export const failOver = endpoint({
  id: 'failOver',
  method: 'POST',
  path: '/api/disaster-recovery/replication/failover',
  access: 'operator',
  summary: 'Plan a switchover or failover (dryRun), or carry out a plan',
  description:
    'With dryRun: the plan and its checks, 200; nothing is changed. A plan is bound to the topology that it was made from, expires after 60 s and is used once. With a planId: 202 with the operation, 200 with the time of one that is scheduled, or 409 with the reason why it was refused. A dry run is no guarantee: all checks are made again.',
  input: z.discriminatedUnion('dryRun', [request, order]),
  output: z.union([plan, z.object({ operationId: z.uuid() }), z.object({ scheduledAt: z.iso.datetime() })]),
  acceptedWith: 'operationId',
})

export const approvePlan = endpoint({
  id: 'approvePlan',
  method: 'POST',
  path: '/api/disaster-recovery/replication/failover/approve',
  access: 'operator',
  summary: 'Approve another operator’s plan, where two persons are needed',
  input: z.strictObject({ planId: z.uuid() }),
  output: z.object({ planId: z.uuid(), approvedBy: z.string() }),
})

export const getPlan = endpoint({
  id: 'getPlan',
  method: 'GET',
  path: '/api/disaster-recovery/replication/failover/plans/{planId}',
  access: 'operator',
  summary: 'A plan that may still be used, for the one who approves it',
  input: z.strictObject({ planId: z.uuid() }),
  output: plan,
})

export const cancelScheduled = endpoint({
  id: 'cancelScheduledSwitchover',
  method: 'POST',
  path: '/api/disaster-recovery/replication/failover/cancel',
  access: 'operator',
  summary: 'Cancel the switchover that is scheduled',
  input: z.strictObject(guard),
  output: guardedAnswer,
})
