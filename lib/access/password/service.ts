import { updateAccount } from '@/db/queries/access/accounts'
import { dropInvitation } from '@/db/queries/access/invitations'
import { audit } from '@/lib/access/audit/service'
import type { AccountCaller } from '@/lib/access/caller'
import type * as contract from '@/lib/access/password/contract'
import { keepRecordSoon } from '@/lib/access/record/keep'
import { hashPassword } from '@/lib/access/secrets'
import { forgetStanding } from '@/lib/access/sessions/standing'
import { BREAK_GLASS, prove } from '@/lib/access/sign-in'
import { leader } from '@/lib/database'
import type { OutputOf, ParsedInputOf } from '@/lib/http/endpoint'
import { Problem } from '@/lib/http/problem'

/** Changes the password of whoever asks. @throws Problem 403 for a wrong one, 409 for break-glass, 422 when a code is wanted */
export async function replacePassword(
  { next, ...proof }: ParsedInputOf<typeof contract.changePassword>,
  { account: { id, email } }: AccountCaller,
): Promise<OutputOf<typeof contract.changePassword>> {
  if (id === BREAK_GLASS) throw new Problem(409, 'This is no account: its password is in the environment.')
  await prove({ id, email }, proof)
  const passwordHash = await hashPassword(next)
  await leader().transaction(async (tx) => {
    await updateAccount(tx, id, { passwordHash })
    await dropInvitation(tx, id)
    await audit(tx, { actor: email, action: 'password.changed', subject: email })
  })
  forgetStanding(id)
  keepRecordSoon()
  return { changed: true }
}
