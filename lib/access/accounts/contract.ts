import { z } from 'zod'
import { proofIfOld } from '@/lib/access/second-factor/contract'
import { endpoint } from '@/lib/http/endpoint'

const role = z.enum(['viewer', 'operator', 'admin'])
const membership = z.strictObject({ projectId: z.uuid(), role: z.enum(['viewer', 'operator']) })

const account = z.object({
  id: z.string(),
  email: z.string(),
  role: role.describe('What they may do with the cluster; an admin may everything, in every project'),
  memberships: z.array(membership).describe('What they may do in which project'),
  secondFactor: z.boolean(),
  signsInElsewhere: z.boolean().describe('They came by the issuer of OpenID Connect'),
  hasPassword: z.boolean().describe('false: they were invited, and have chosen none yet'),
  invitedUntil: z.iso.datetime().nullable().describe('Until when a link to choose a password can be used'),
  createdAt: z.iso.datetime(),
})
export type AccountItem = z.infer<typeof account>

const memberships = z
  .array(membership)
  .max(1000)
  .refine((all) => new Set(all.map(({ projectId }) => projectId)).size === all.length, {
    error: 'A project is named twice',
  })
const named = { id: z.uuid() }
const invitation = {
  account,
  path: z
    .string()
    .describe('Where they choose a password, with the secret that lets them: this answer alone holds it'),
}

export const listAccounts = endpoint({
  id: 'listAccounts',
  method: 'GET',
  path: '/api/access/accounts',
  access: 'admin',
  summary: 'Everyone who may sign in, by name',
  input: z.strictObject({}),
  output: z.object({ accounts: z.array(account) }),
})

export const inviteAccount = endpoint({
  id: 'inviteAccount',
  method: 'POST',
  path: '/api/access/accounts',
  access: 'admin',
  summary: 'Make an account, and a link with which its owner chooses a password within three days',
  input: z.strictObject({
    email: z
      .string()
      .max(254)
      .trim()
      .toLowerCase()
      .pipe(z.email('Expected an address such as ada@shop.example')),
    role: role.default('viewer'),
    memberships: memberships.default([]),
    ...proofIfOld,
  }),
  output: z.object(invitation),
  status: 201,
})

export const renewInvitation = endpoint({
  id: 'renewInvitation',
  method: 'POST',
  path: '/api/access/accounts/{id}/invitation',
  access: 'admin',
  summary: 'Make another link to choose a password: for one that was lost, and for a password that was',
  description:
    'A link that was made before is worth nothing then. An old password is good until a new one is chosen.',
  input: z.strictObject({ ...named, ...proofIfOld }),
  output: z.object(invitation),
  status: 201,
})

export const updateAccount = endpoint({
  id: 'updateAccount',
  method: 'PATCH',
  path: '/api/access/accounts/{id}',
  access: 'admin',
  summary: 'Change what someone may do; another role ends their sessions',
  input: z.strictObject({
    ...named,
    role: role.optional(),
    memberships: memberships.optional(),
    ...proofIfOld,
  }),
  output: z.object({ account }),
})

export const endAccountSessions = endpoint({
  id: 'endAccountSessions',
  method: 'POST',
  path: '/api/access/accounts/{id}/sign-out',
  access: 'admin',
  summary: 'Sign someone out everywhere: at once in this process, within 5 s in others',
  input: z.strictObject(named),
  output: z.object({ account }),
})

export const resetSecondFactor = endpoint({
  id: 'resetSecondFactor',
  method: 'POST',
  path: '/api/access/accounts/{id}/second-factor/remove',
  access: 'admin',
  summary: 'Remove someone’s second factor, when they have lost it',
  input: z.strictObject({ ...named, ...proofIfOld }),
  output: z.object({ account }),
})

export const deleteAccount = endpoint({
  id: 'deleteAccount',
  method: 'DELETE',
  path: '/api/access/accounts/{id}',
  access: 'admin',
  summary: 'Delete an account; its sessions end with it',
  input: z.strictObject(named),
  output: z.object({ id: z.string() }),
})
