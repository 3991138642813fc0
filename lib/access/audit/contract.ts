import { z } from 'zod'
import { endpoint } from '@/lib/http/endpoint'

/** What is told of, and in which words. */
export const ACTIONS = {
  'account.invited': 'invited',
  'account.link': 'made a link to choose a password for',
  'account.admitted': 'let in, by OpenID Connect,',
  'account.joined': 'chose a password by a link for',
  'account.changed': 'changed what is allowed to',
  'account.signed-out': 'signed out everywhere',
  'account.deleted': 'deleted the account of',
  'password.changed': 'changed the password of',
  'factor.added': 'added a second factor to',
  'factor.removed': 'removed the second factor of',
  'project.created': 'made the project',
  'project.changed': 'changed the project',
  'project.deleted': 'deleted the project',
  'key.created': 'made a key of',
  'key.revoked': 'revoked a key of',
  'user.deleted': 'deleted all that is stored about a user of',
} as const
export type Action = keyof typeof ACTIONS

const entry = z.object({
  id: z.number().int(),
  at: z.iso.datetime(),
  actor: z.string().describe('Who did it'),
  action: z.string().describe('Such as account.invited'),
  subject: z.string().describe('The account or project that it was done to'),
  detail: z.record(z.string(), z.unknown()),
})
export type AuditEntry = z.infer<typeof entry>

export const listAuditEntries = endpoint({
  id: 'listAuditEntries',
  method: 'GET',
  path: '/api/access/audit',
  access: 'admin',
  summary: 'Who changed what of accounts, projects and keys, newest first',
  input: z.strictObject({
    limit: z.coerce.number().int().min(1).max(1000).default(200),
    before: z.coerce.number().int().min(1).optional().describe('Only entries with a lower id'),
  }),
  output: z.object({
    entries: z.array(entry),
    oldest: z.boolean().describe('Nothing is older than the last of them'),
  }),
})
