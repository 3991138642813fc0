import { z } from 'zod'
import { endpoint } from '@/lib/http/endpoint'
import { guard } from '@/lib/recovery/guard/contract'

const BASE = '/api/disaster-recovery/restore'

/** What to recover to; all of them include what they name. */
export const target = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('latest') }),
  z.strictObject({ kind: z.literal('time'), at: z.iso.datetime({ offset: true }) }),
  z.strictObject({ kind: z.literal('lsn'), lsn: z.string().regex(/^[0-9A-Fa-f]{1,8}\/[0-9A-Fa-f]{1,8}$/) }),
  z.strictObject({ kind: z.literal('xid'), xid: z.string().regex(/^[0-9]{1,20}$/) }),
  z.strictObject({ kind: z.literal('name'), name: z.string().min(1).max(63) }),
])
export type Target = z.infer<typeof target>

const timeline = z.coerce
  .number()
  .int()
  .min(1)
  .max(2 ** 31 - 1)
  .optional()
  .describe('The one to recover along, if not the newest: what a recovery undid is on the one before')

const wanted = {
  timeline,
  kind: z.enum(['latest', 'time', 'lsn', 'xid', 'name']).default('latest'),
  value: z.string().max(100).optional().describe('The time, LSN, xid or name'),
  repository: z.coerce.number().int().min(1).max(2).default(1),
}

const plan = z.object({
  target,
  repository: z.number().int(),
  timeline: z.number().int().nullable().describe('The one that was asked for'),
  reachable: z.boolean(),
  reason: z.string().describe('Why it can or cannot be reached'),
  nearest: z
    .object({ target, at: z.iso.datetime().nullable(), words: z.string() })
    .nullable()
    .describe('The nearest point that can be reached, if this one cannot'),
  backup: z.string().nullable().describe('The backup that is restored first'),
  segments: z.number().int().describe('WAL files that are replayed at the most'),
  bytes: z.number().int().describe('That the restored folder will take, about'),
  undone: z
    .array(z.object({ table: z.string(), records: z.number().int() }))
    .nullable()
    .describe(
      'Records that arrived after the target, by table; null if the database does not answer or the target has no time',
    ),
  instructions: z.array(z.object({ step: z.string(), command: z.string().nullable() })),
})
export type RestorePlan = z.infer<typeof plan>

export const planRestore = endpoint({
  id: 'planRestore',
  method: 'GET',
  path: `${BASE}/plan`,
  access: 'viewer',
  summary: 'Whether a point can be reached, what it would undo, and the steps to it; nothing is changed',
  input: z.strictObject(wanted),
  output: plan,
})

export const restore = endpoint({
  id: 'restore',
  method: 'POST',
  path: BASE,
  access: 'operator',
  summary: 'Restore to a point, beside the running cluster, which is not touched',
  input: z.strictObject({
    timeline,
    target,
    repository: z.number().int().min(1).max(2).default(1),
    reason: guard.reason,
  }),
  output: z.object({ taskId: z.uuid() }),
  status: 202,
})

export const cutOver = endpoint({
  id: 'cutOver',
  method: 'POST',
  path: `${BASE}/cut-over`,
  access: 'operator',
  summary: 'Put a restored folder in the leader’s place: what was written since its target is undone',
  description:
    'The local engine alone does it by itself; for others the plan holds the instructions. What the leader had is kept beside.',
  input: z.strictObject({ taskId: z.uuid().describe('The restore'), ...guard }),
  output: z.object({ taskId: z.uuid() }),
  status: 202,
})
