import { z } from 'zod'
import { endpoint } from '@/lib/http/endpoint'

const lagMs = z.object({
  write: z.number().nullable(),
  flush: z.number().nullable(),
  replay: z.number().nullable(),
})

const member = z.object({
  name: z.string(),
  host: z.string(),
  port: z.number().int(),
  role: z.enum(['leader', 'standby', 'unknown']),
  synchronous: z.boolean().describe('Commits wait for it'),
  state: z
    .string()
    .describe(
      'Patroni’s word: running, streaming, starting, stopped, crashed …; unreachable if its API does not answer',
    ),
  takesWrites: z.boolean().nullable().describe('As its own PostgreSQL says; null if that does not answer'),
  fenced: z.boolean().describe('It was fenced: what it is asked to write is never acknowledged'),
  healthy: z.boolean(),
  reasons: z.array(z.string()).describe('Why it is not healthy'),
  timeline: z.number().int().nullable(),
  lagBytes: z
    .number()
    .int()
    .nullable()
    .describe('Behind the leader in replay; null for the leader or if unknown'),
  lagMs: lagMs.describe('Milliseconds as the leader measured them; null while nothing is written'),
  receivedLsn: z.string().nullable().describe('Written position, on the leader'),
  replayedLsn: z.string().nullable(),
  conflicts: z
    .number()
    .int()
    .nullable()
    .describe('Queries on this standby that replay has cancelled, since its statistics began'),
  pendingRestart: z.boolean().describe('A setting was changed that counts only after a restart'),
  tags: z.record(z.string(), z.string()).describe('Patroni’s tags, such as nofailover or nosync'),
})
export type Member = z.infer<typeof member>

export const getReplicationStatus = endpoint({
  id: 'getReplicationStatus',
  method: 'GET',
  path: '/api/disaster-recovery/replication/status',
  access: 'viewer',
  summary: 'The cluster: members, roles, lag, slots, timelines',
  input: z.strictObject({}),
  output: z.object({
    asOf: z.iso.datetime(),
    status: z.enum(['pass', 'warn', 'fail']),
    cluster: z.object({
      name: z.string(),
      engine: z
        .enum(['patroni', 'none'])
        .describe('What answers for the cluster: Patroni’s REST API, or only PostgreSQL itself'),
      systemIdentifier: z.string().nullable(),
      timeline: z.number().int().nullable(),
      leader: z.string().nullable(),
      synchronous: z.boolean(),
      paused: z.boolean(),
      scheduled: z
        .object({ at: z.string(), from: z.string().nullable(), to: z.string().nullable() })
        .nullable()
        .describe('The switchover that the engine will carry out'),
    }),
    members: z.array(member),
    slots: z.array(
      z.object({
        name: z.string(),
        active: z.boolean(),
        status: z.string().nullable().describe('pg_replication_slots.wal_status'),
        retainedBytes: z.number().int().nullable().describe('WAL that the slot keeps'),
      }),
    ),
    history: z.array(
      z.object({
        timeline: z.number().int(),
        lsn: z.string(),
        reason: z.string(),
        at: z.iso.datetime({ offset: true }).nullable(),
        leader: z.string().nullable(),
      }),
    ),
    rpoSeconds: z
      .number()
      .nullable()
      .describe('What would be lost if the leader were lost now, in seconds; 0 with a synchronous standby'),
  }),
})
export type ReplicationStatus = z.output<(typeof getReplicationStatus)['output']>
