import { z } from 'zod'
import { proofIfOld } from '@/lib/access/second-factor/contract'

/** What every order to the cluster wants, so that none is given by a slip. */
export const guard = {
  reason: z.string().trim().min(3).max(500).describe('Stands in the journal'),
  confirm: z.string().max(200).describe('The name of the cluster, typed'),
  ...proofIfOld,
}
export type Guard = z.output<z.ZodObject<typeof guard>>

export const guardedAnswer = z.object({ message: z.string().describe('The engine’s own words') })
