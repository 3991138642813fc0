import { z } from 'zod'
import { endpoint } from '@/lib/http/endpoint'

export const endSessions = endpoint({
  id: 'endSessions',
  method: 'POST',
  path: '/api/access/sessions/end',
  access: 'viewer',
  summary: 'Sign out everywhere: end all sessions of the one who asks',
  description: 'Each of them is refused within 5 s, also where the cookie was copied.',
  input: z.strictObject({}),
  output: z.object({ ended: z.literal(true) }),
})
