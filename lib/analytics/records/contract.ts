import { z } from 'zod'
import { word } from '@/lib/analytics/parameters/contract'
import { recordWords } from '@/lib/analytics/recording/contract'
import { endpoint } from '@/lib/http/endpoint'

const latestRecord = z.object({
  ...recordWords,
  pageUrl: z.string().nullable().describe('Of an event'),
  occurredAt: z.iso.datetime(),
  receivedAt: z.iso.datetime(),
})
export type LatestRecord = z.infer<typeof latestRecord>

export const getLatestRecord = endpoint({
  id: 'getLatestRecord',
  method: 'GET',
  path: '/api/analytics/user/records/latest',
  access: 'read',
  summary: 'The newest record of any kind: whether anything arrives',
  input: z.strictObject({
    project: word.optional().describe('Id or name of the project'),
    since: z.iso
      .datetime({ offset: true })
      .optional()
      .describe('Received after this, and occurred at most 10 minutes before it'),
  }),
  output: z.object({
    record: latestRecord.nullable(),
    asOf: z.iso.datetime().describe('Now, by the server: the `since` of a question for what comes next'),
  }),
})
