import { z } from 'zod'
import { endpoint } from '@/lib/http/endpoint'

const entry = z.object({
  seq: z.number().int().describe('From 1, without a gap'),
  at: z.iso.datetime(),
  kind: z.string().describe('Such as plan, refused, started, step, succeeded, failed'),
  actor: z.string().describe('Who did it'),
  message: z.string(),
  operationId: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()),
  previous: z.string().describe('The hash of the entry before'),
  hash: z.string().describe('SHA-256 of the hash before and of all else in this entry'),
})
export type JournalEntry = z.infer<typeof entry>

export const getJournal = endpoint({
  id: 'getJournal',
  method: 'GET',
  path: '/api/disaster-recovery/journal',
  access: 'viewer',
  summary: 'Every recovery action, newest first, and whether the chain of their hashes is whole',
  input: z.strictObject({
    limit: z.coerce.number().int().min(1).max(1000).default(200),
    before: z.coerce.number().int().min(1).optional().describe('Only entries before this seq'),
    operationId: z.uuid().optional(),
  }),
  output: z.object({
    entries: z.array(entry),
    total: z.number().int(),
    verified: z
      .boolean()
      .describe('Each entry follows from the one before, and none departs from the database’s copy'),
    brokenAt: z.number().int().nullable().describe('The first that does not'),
    mirrored: z
      .number()
      .int()
      .nullable()
      .describe('Entries that the database holds, too; null if none answers'),
  }),
})
export type Journal = z.output<(typeof getJournal)['output']>
