import type { Account } from '@/lib/access/caller'
import { aboutPassword, type Proof, prove } from '@/lib/access/sign-in'

/** Who acts: someone signed in, or someone at a terminal of this machine. */
export interface Actor {
  name: string
  /** Proves that it is still the one who signed in. @throws Problem 422 when the password or a code is wanted, 403, 429 */
  prove(proof: Partial<Proof>): Promise<void>
}

/** A sign-in that is older than this has to be proved, in milliseconds. */
const PROVED_MS = 5 * 60_000

/** Someone signed in, who gives the password again, and the code of a second factor, if that was a while ago. */
export const actorOf = (account: Account): Actor => ({
  name: account.email,
  prove: async ({ password, code }) => {
    if (password !== undefined) return prove(account, { password, code })
    if (account.authenticatedAt < Date.now() - PROVED_MS)
      throw aboutPassword(
        422,
        'Your sign-in is older than 5 minutes: give your password again, or sign out and in',
      )
  },
})
