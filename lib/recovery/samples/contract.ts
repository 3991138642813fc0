import { z } from 'zod'
import { endpoint } from '@/lib/http/endpoint'

export const sampleRanges = ['1h', '6h', '24h', '7d'] as const
export type SampleRange = (typeof sampleRanges)[number]

const point = z.object({
  at: z.iso.datetime(),
  role: z.enum(['leader', 'standby', 'unknown']).nullable().describe('Null where nothing was sampled'),
  healthy: z.boolean().nullable().describe('False if it was not at any time of the step'),
  lagBytes: z.number().nullable().describe('The highest of the step; null for a leader or if unknown'),
  replayMs: z
    .number()
    .nullable()
    .describe('The highest of the step; 0 while a standby has all that is written'),
})
export type SamplePoint = z.infer<typeof point>

export const getReplicationSamples = endpoint({
  id: 'getReplicationSamples',
  method: 'GET',
  path: '/api/disaster-recovery/replication/samples',
  access: 'viewer',
  summary: 'Each member’s role, health and lag over time',
  description:
    'The worker looks at the cluster every 2 s, database or no database, and keeps what it saw for 7 days on its own disk. Steps of 10 s for an hour, 1 min for 6 hours, 5 min for a day, 30 min for 7 days.',
  input: z.strictObject({ range: z.enum(sampleRanges).default('1h') }),
  output: z.object({
    asOf: z.iso.datetime().nullable().describe('The newest sample; null if there is none'),
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    stepSeconds: z.number().int(),
    members: z.array(z.object({ name: z.string(), points: z.array(point) })),
  }),
})
export type ReplicationSamples = z.output<(typeof getReplicationSamples)['output']>
