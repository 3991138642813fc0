import { z } from 'zod'
import { password } from '@/lib/access/invitations/contract'
import { proof } from '@/lib/access/second-factor/contract'
import { endpoint } from '@/lib/http/endpoint'

export const changePassword = endpoint({
  id: 'changePassword',
  method: 'POST',
  path: '/api/access/password',
  access: 'viewer',
  summary: 'Change your password; all your sessions end, this one as well',
  input: z.strictObject({ ...proof, next: password.describe('The new one') }),
  output: z.object({ changed: z.literal(true) }),
})
