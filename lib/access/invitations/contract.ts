import { z } from 'zod'
import { endpoint } from '@/lib/http/endpoint'

const token = z.string().max(100).describe('What stands in the link after the #')

/** Characters of a password at the least; what matters is length: https://pages.nist.gov/800-63-4/sp800-63b.html */
export const PASSWORD_LENGTH = 12

export const password = z
  .string()
  .min(PASSWORD_LENGTH, `At least ${PASSWORD_LENGTH} characters`)
  .max(200, 'At most 200 characters')

/** With a body, since addresses get into logs. */
export const lookUpInvitation = endpoint({
  id: 'lookUpInvitation',
  method: 'POST',
  path: '/api/access/invitations/look-up',
  access: 'public',
  summary: 'For whom a link to choose a password is',
  input: z.strictObject({ token }),
  output: z.object({ email: z.string(), expiresAt: z.iso.datetime() }),
})

export const acceptInvitation = endpoint({
  id: 'acceptInvitation',
  method: 'POST',
  path: '/api/access/invitations/accept',
  access: 'public',
  summary: 'Choose a password by a link, once; all sessions of the account end',
  input: z.strictObject({ token, password }),
  output: z.object({ email: z.string() }),
})
