import type { Db } from '@/db/connect'
import { updateAccount } from '@/db/queries/access/accounts'
import { findInvitation, takeInvitation, upsertInvitation } from '@/db/queries/access/invitations'
import { audit } from '@/lib/access/audit/service'
import type { Stranger } from '@/lib/access/caller'
import type * as contract from '@/lib/access/invitations/contract'
import { keyLimiter } from '@/lib/access/limits'
import { keepRecordSoon } from '@/lib/access/record/keep'
import { hashKey, hashPassword, makeToken } from '@/lib/access/secrets'
import { forgetStanding } from '@/lib/access/sessions/standing'
import { leader, leaderForAccess } from '@/lib/database'
import type { OutputOf, ParsedInputOf } from '@/lib/http/endpoint'
import { Problem } from '@/lib/http/problem'

const LIFE_MS = 3 * 86_400_000
/** Links that one address may try: each costs a question. */
const TRIES = { burst: 20, perSecond: 1 }

/** Makes the link of an account, in place of one that it has: the path, which holds the secret where no server's log does. */
export async function makeInvitation(tx: Db, userId: string): Promise<string> {
  const token = makeToken()
  const expiresAt = new Date(Date.now() + LIFE_MS)
  await upsertInvitation(tx, { userId, hash: hashKey(token), expiresAt })
  return `/invitation#${token}`
}

/** For whom a link is. @throws Problem 404 for one that is worth nothing, 429 */
export async function readInvitation(
  { token }: ParsedInputOf<typeof contract.lookUpInvitation>,
  { address }: Stranger,
): Promise<OutputOf<typeof contract.lookUpInvitation>> {
  const { email, expiresAt } = await found(token, address)
  return { email, expiresAt: expiresAt.toISOString() }
}

/** Gives the account of a link its password, and uses the link up. @throws Problem 404, 429 */
export async function choosePassword(
  { token, password }: ParsedInputOf<typeof contract.acceptInvitation>,
  { address }: Stranger,
): Promise<OutputOf<typeof contract.acceptInvitation>> {
  const { email } = await found(token, address)
  const passwordHash = await hashPassword(password)
  const userId = await leader().transaction(async (tx) => {
    const taken = await takeInvitation(tx, hashKey(token))
    if (!taken) throw worthless()
    await updateAccount(tx, taken.userId, { passwordHash })
    await audit(tx, { actor: email, action: 'account.joined', subject: email })
    return taken.userId
  })
  forgetStanding(userId)
  keepRecordSoon()
  return { email }
}

async function found(token: string, address: string) {
  const wait = keyLimiter().take(`invitations ${address}`, TRIES.perSecond, TRIES.burst)
  if (wait > 0) throw new Problem(429, 'Too many links were tried from here.', { retryAfter: wait })
  const invitation = await findInvitation(leaderForAccess(), hashKey(token))
  if (!invitation) throw worthless()
  return invitation
}

const worthless = () =>
  new Problem(404, 'This link was used, replaced by another, or is too old: ask an admin for a new one.')
