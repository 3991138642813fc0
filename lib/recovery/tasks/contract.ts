import { z } from 'zod'

const taskStep = z.object({
  name: z.enum([
    'copy',
    'record',
    'archive',
    'replicate',
    'expire',
    'verify',
    'restore',
    'replay',
    'check',
    'compare',
    'clean',
    'stop',
    'start',
    'rebuild',
  ]),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'skipped']),
  startedAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
  detail: z.string(),
})
export type TaskStep = z.infer<typeof taskStep>

/** Long work on backups. It is carried out by the worker, and goes on when the one who asked has gone. */
export const task = z.object({
  id: z.uuid(),
  kind: z.enum(['backup', 'verify', 'drill', 'restore', 'cut-over']),
  state: z.enum(['running', 'succeeded', 'failed']).describe('running from when it was asked for'),
  actor: z.string(),
  reason: z.string(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  steps: z.array(taskStep),
  message: z.string().describe('What it came to'),
  progress: z
    .object({ done: z.number().int(), total: z.number().int() })
    .nullable()
    .describe('Bytes of the step that runs; null where nobody can tell'),
  backup: z.string().nullable().describe('The backup that it made, or that it is about'),
  repository: z.number().int().nullable(),
  rtoSeconds: z
    .number()
    .nullable()
    .describe('Of a drill or restore: from its start until the restored server answered'),
  recoveredTo: z
    .object({ lsn: z.string(), at: z.iso.datetime().nullable().describe('The last commit that is in it') })
    .nullable(),
  folder: z.string().nullable().describe('Of a restore: where the restored data are'),
})
export type Task = z.infer<typeof task>
