import { z } from 'zod'
import { endpoint } from '@/lib/http/endpoint'

const address = z
  .url({ protocol: /^https?$/, error: 'An address that begins with http:// or https://' })
  .max(2000)
const secret = z.string().max(1000).optional()
const mailbox = z.email().max(320)

/** What is kept when a secret is left out of a change. */
const KEPT = 'Left out: the one that is kept already'

const target = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('webhook'),
    url: address.optional().describe(KEPT),
    secret: secret.describe(`Signs the body with HMAC-SHA256, in X-Holdfast-Signature. ${KEPT}`),
  }),
  z.strictObject({ kind: z.literal('slack'), url: address.optional().describe(KEPT) }),
  z.strictObject({
    kind: z.literal('email'),
    host: z.string().trim().min(1, 'A server is needed').max(253),
    port: z.number().int().min(1).max(65_535),
    tls: z.boolean().describe('From the first byte on; without it, STARTTLS where the server offers it'),
    user: z.string().max(320).optional(),
    password: secret.describe(KEPT),
    from: mailbox,
    to: z.array(mailbox).min(1, 'Somebody has to get it').max(20),
  }),
])
/** Where messages go. */
export type Target = z.infer<typeof target>

const topic = z.enum(['cluster', 'metrics'])
export type Topic = z.infer<typeof topic>
const tells = z
  .array(topic)
  .min(1, 'It has to be told something')
  .describe('Alerts on the cluster, metric alerts of the projects, or both')

const channel = z.object({
  id: z.uuid(),
  name: z.string(),
  enabled: z.boolean(),
  tells,
  kind: z.enum(['webhook', 'slack', 'email']),
  destination: z.string().describe('The host, or the mailboxes: nothing of a secret'),
  email: z
    .object({
      host: z.string(),
      port: z.number().int(),
      tls: z.boolean(),
      user: z.string().nullable(),
      from: z.string(),
      to: z.array(z.string()),
    })
    .nullable(),
  hasSecret: z.boolean().describe('A signing secret or a password is kept; it is never told'),
  waiting: z.number().int().describe('Messages that it has yet to get'),
  deliveredAt: z.iso.datetime().nullable(),
  failedAt: z.iso.datetime().nullable(),
  error: z.string().nullable().describe('Why the last attempt failed'),
})
export type Channel = z.infer<typeof channel>

const BASE = '/api/disaster-recovery/alerts/channels'
const byId = { id: z.uuid() }

export const listChannels = endpoint({
  id: 'listChannels',
  method: 'GET',
  path: BASE,
  access: 'admin',
  summary: 'Where alerts are delivered to, and how that goes; no secrets',
  input: z.strictObject({}),
  output: z.object({ channels: z.array(channel) }),
})

export const saveChannel = endpoint({
  id: 'saveChannel',
  method: 'PUT',
  path: `${BASE}/{id}`,
  access: 'admin',
  summary: 'Make or change a channel: a webhook, Slack, or e-mail by SMTP',
  description: 'The id is the caller’s, so that a repeat makes no second one.',
  input: z.strictObject({
    ...byId,
    name: z.string().trim().min(1, 'A name is needed').max(100),
    enabled: z.boolean().default(true),
    tells: tells.default(['cluster', 'metrics']),
    target,
  }),
  output: z.object({ channel }),
})

export const deleteChannel = endpoint({
  id: 'deleteChannel',
  method: 'DELETE',
  path: `${BASE}/{id}`,
  access: 'admin',
  summary: 'Delete a channel, with what it has yet to get',
  input: z.strictObject(byId),
  output: z.object({ id: z.uuid() }),
})

export const testChannel = endpoint({
  id: 'testChannel',
  method: 'POST',
  path: `${BASE}/{id}/test`,
  access: 'admin',
  summary: 'Send a test message now, once',
  input: z.strictObject(byId),
  output: z.object({ delivered: z.boolean(), message: z.string() }),
})
