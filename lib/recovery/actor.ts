import type { Account } from '@/lib/access/caller'
import { type Proof, proveRecent } from '@/lib/access/sign-in'

/** Who acts: someone signed in, or someone at a terminal of this machine. */
export interface Actor {
  name: string
  /** Proves that it is still the one who signed in. @throws Problem 422 when the password or a code is wanted, 403, 429 */
  prove(proof: Partial<Proof>): Promise<void>
}

/** Someone signed in, who gives the password again, and the code of a second factor, if that was a while ago. */
export const actorOf = (account: Account): Actor => ({
  name: account.email,
  prove: (proof) => proveRecent(account, proof),
})
