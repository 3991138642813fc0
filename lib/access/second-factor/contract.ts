import { z } from 'zod'
import { endpoint } from '@/lib/http/endpoint'

/** What proves that it is still the one who signed in. */
export const proof = {
  password: z.string().max(1000).describe('Your password'),
  code: z.string().max(20).optional().describe('The code of your second factor, if you have one'),
}

/** The same, of what asks for it only where the sign-in is older than 5 minutes. */
export const proofIfOld = {
  password: proof.password.optional().describe('Wanted when the sign-in is older than 5 minutes'),
  code: proof.code.describe('Of the second factor, with the password, of who has one'),
}

const state = z.object({ enabled: z.boolean() })

export const getSecondFactor = endpoint({
  id: 'getSecondFactor',
  method: 'GET',
  path: '/api/access/second-factor',
  access: 'viewer',
  summary: 'Whether you have a second factor',
  input: z.strictObject({}),
  output: state,
})

export const beginSecondFactor = endpoint({
  id: 'beginSecondFactor',
  method: 'POST',
  path: '/api/access/second-factor',
  access: 'viewer',
  summary: 'Begin to add a second factor: what your app has to read',
  input: z.strictObject({ password: proof.password }),
  output: z.object({
    secret: z.string().describe('In base 32, for an app that reads no picture'),
    uri: z.string().describe('The same as otpauth://, for a QR code'),
    ticket: z.string().describe('To be sent with the first code, within 15 minutes'),
  }),
})

export const addSecondFactor = endpoint({
  id: 'addSecondFactor',
  method: 'PUT',
  path: '/api/access/second-factor',
  access: 'viewer',
  summary: 'Add the second factor, with the first code that your app shows',
  input: z.strictObject({ ticket: z.string().max(1000), code: z.string().max(20) }),
  output: state,
})

export const removeSecondFactor = endpoint({
  id: 'removeSecondFactor',
  method: 'POST',
  path: '/api/access/second-factor/remove',
  access: 'viewer',
  summary: 'Remove your second factor',
  input: z.strictObject(proof),
  output: state,
})
