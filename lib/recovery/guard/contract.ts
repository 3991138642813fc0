import { z } from 'zod'

/** What every order to the cluster wants, so that none is given by a slip. */
export const guard = {
  reason: z.string().trim().min(3).max(500).describe('Stands in the journal'),
  confirm: z.string().max(200).describe('The name of the cluster, typed'),
  password: z.string().max(1000).optional().describe('Wanted when the sign-in is older than 5 minutes'),
  code: z.string().max(20).optional().describe('Of the second factor, with the password, of who has one'),
}
export type Guard = z.output<z.ZodObject<typeof guard>>

export const guardedAnswer = z.object({ message: z.string().describe('The engine’s own words') })
