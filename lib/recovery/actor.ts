import type { Account } from '@/lib/access/caller'
import { verifyPassword } from '@/lib/access/sign-in'
import { Problem } from '@/lib/http/problem'

/** Who acts: someone signed in, or someone at a terminal of this machine. */
export interface Actor {
  name: string
  /** Proves that it is still the one who signed in. @throws Problem 422 when the password is wanted, 403, 429 */
  prove(password: string | undefined): Promise<void>
}

/** A sign-in that is older than this has to be proved, in milliseconds. */
const PROVED_MS = 5 * 60_000

/** Someone signed in, who gives the password again if that was a while ago. */
export const actorOf = (account: Account): Actor => ({
  name: account.email,
  prove: async (password) => {
    if (password === undefined) {
      if (account.authenticatedAt >= Date.now() - PROVED_MS) return
      throw about(422, 'Your sign-in is older than 5 minutes: give your password again')
    }
    if (!(await verifyPassword(account, password))) throw about(403, 'This is not your password')
  },
})

const about = (status: number, message: string): Problem =>
  new Problem(status, message, { errors: [{ path: 'password', message }] })
