import { z } from 'zod'
import {
  commonFilters,
  count,
  coverage,
  cursor,
  limit,
  person,
  range,
  text,
  withProperties,
  word,
} from '@/lib/analytics/parameters/contract'
import { recordKind, recordWords } from '@/lib/analytics/recording/contract'
import { endpoint } from '@/lib/http/endpoint'

const BASE = '/api/analytics/user/users'

const project = word.optional().describe('Id or name of the project')

const seen = {
  firstSeenAt: z.iso.datetime().describe('Of their first record ever, of any kind'),
  lastSeenAt: z.iso.datetime(),
}
const agent = { device: z.string().nullable(), browser: z.string().nullable(), os: z.string().nullable() }
const { userId: _, ...userFilters } = commonFilters

export const listUsers = endpoint({
  id: 'listUsers',
  method: 'GET',
  path: BASE,
  access: 'read',
  summary: 'Users with an event in the range, last seen first',
  input: withProperties({
    ...range,
    ...userFilters,
    search: text(200).optional().describe('Users whose id contains this, in any case'),
    limit: limit(50),
    cursor,
  }),
  output: z.object({
    ...coverage,
    items: z.array(
      z.object({
        userId: z.string(),
        anonymous: z.boolean().describe('Known by an anonymousId only'),
        ...seen,
        events: count,
        sessions: count,
        ...agent,
      }),
    ),
    nextCursor: z.string().nullable(),
  }),
})

export const getUser = endpoint({
  id: 'getUser',
  method: 'GET',
  path: `${BASE}/{userId}`,
  access: 'read',
  summary: 'One user: all that was ever recorded, in numbers',
  input: z.strictObject({ project, userId: word }),
  output: z.object({
    userId: z.string(),
    anonymousIds: z.array(z.string()).describe('Joined to this user by identify, or seen beside the userId'),
    ...seen,
    ...agent,
    records: z.object({ event: count, feature: count, stage: count, step: count, response: count }),
    sessions: count,
    features: z.array(z.object({ name: z.string(), records: count })).describe('The ten used most'),
    days: z
      .array(z.object({ at: z.iso.datetime(), records: count }))
      .describe('The last 90 days of the project’s timezone, records of all kinds'),
  }),
})

export const listUserRecords = endpoint({
  id: 'listUserRecords',
  method: 'GET',
  path: `${BASE}/{userId}/timeline`,
  access: 'read',
  summary: 'What a user did: records of all five kinds, newest first',
  input: z.strictObject({ project, userId: word, kind: recordKind.optional(), limit: limit(50), cursor }),
  output: z.object({
    items: z.array(
      z.object({
        ...recordWords,
        sessionId: z.string().nullable(),
        ...agent,
        properties: z.record(z.string(), z.unknown()),
        occurredAt: z.iso.datetime(),
        receivedAt: z.iso.datetime(),
      }),
    ),
    nextCursor: z.string().nullable(),
  }),
})

export const identifyUser = endpoint({
  id: 'identifyUser',
  method: 'POST',
  path: `${BASE}/identify`,
  access: 'record',
  summary: 'Join what was recorded under an anonymousId to a user',
  description:
    'Records that were sent with this anonymousId alone become the user’s, those of the past now and those to come as they arrive. An anonymousId belongs to the first user it was joined to: joining it to another is a 409 and changes nothing. Records sent with a userId are never moved, and an id that came as a userId is joined by a secret key alone.',
  input: z.strictObject({
    writeKey: z.string().max(100).optional().describe('Instead of the Authorization header'),
    anonymousId: person,
    userId: person,
  }),
  output: z.object({ userId: z.string(), moved: count.describe('Records that became the user’s') }),
})

export const exportUser = endpoint({
  id: 'exportUser',
  method: 'GET',
  path: `${BASE}/{userId}/export`,
  access: 'read',
  summary: 'Everything that is stored about a user',
  input: z.strictObject({ project, userId: word }),
  output: z.object({
    userId: z.string(),
    anonymousIds: z.array(z.string()),
    exportedAt: z.iso.datetime(),
    records: z
      .record(z.string(), z.array(z.record(z.string(), z.unknown())))
      .describe('By table, every column of every row, in order of time'),
  }),
})

export const deleteUser = endpoint({
  id: 'deleteUser',
  method: 'DELETE',
  path: `${BASE}/{userId}`,
  access: 'admin',
  summary: 'Delete everything that is stored about a user',
  description: 'What is recorded under this id afterwards is a new user’s.',
  input: z.strictObject({ project, userId: word }),
  output: z.object({
    userId: z.string(),
    deletedAt: z.iso.datetime(),
    deleted: z.record(z.string(), count).describe('Rows by table, derived tables included'),
    notes: z.array(z.string()).describe('What else holds data of this user, and until when'),
  }),
})
