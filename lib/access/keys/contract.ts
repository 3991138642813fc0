import { z } from 'zod'
import { text } from '@/lib/analytics/parameters/contract'
import { endpoint } from '@/lib/http/endpoint'

const key = z.object({
  id: z.string(),
  projectId: z.string(),
  kind: z.enum(['write', 'secret']),
  name: z.string(),
  hint: z.string().describe('The first characters'),
  ratePerSecond: z.number().int(),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
  revokedAt: z.iso.datetime().nullable(),
})
export type Key = z.infer<typeof key>

export const listKeys = endpoint({
  id: 'listKeys',
  method: 'GET',
  path: '/api/access/keys',
  access: 'viewer',
  summary: 'The keys of a project, newest first',
  input: z.strictObject({ project: text(200).optional() }),
  output: z.object({ keys: z.array(key) }),
})

export const createKey = endpoint({
  id: 'createKey',
  method: 'POST',
  path: '/api/access/keys',
  access: 'admin',
  summary: 'Make a key; the answer is the only one that holds it',
  input: z.strictObject({
    project: text(200).optional(),
    kind: z.enum(['write', 'secret']),
    name: text(100).trim().min(1, 'A name is needed'),
    ratePerSecond: z.number().int().min(1).max(100_000).default(20_000),
  }),
  output: z.object({ key, secret: z.string() }),
  status: 201,
})

export const revokeKey = endpoint({
  id: 'revokeKey',
  method: 'DELETE',
  path: '/api/access/keys/{id}',
  access: 'admin',
  summary: 'Revoke a key: at once in this process, within 5 s in others',
  input: z.strictObject({ id: z.uuid() }),
  output: z.object({ key }),
})
