import type { Db } from '@/db/connect'
import * as queries from '@/db/queries/access/accounts'
import { dropInvitation } from '@/db/queries/access/invitations'
import { replaceMemberships } from '@/db/queries/access/memberships'
import { setTotp } from '@/db/queries/access/second-factor'
import { raiseSessionVersion } from '@/db/queries/access/sessions'
import type * as contract from '@/lib/access/accounts/contract'
import type { Action } from '@/lib/access/audit/contract'
import { audit } from '@/lib/access/audit/service'
import type { AccountCaller } from '@/lib/access/caller'
import { makeInvitation } from '@/lib/access/invitations/service'
import { hasIssuer } from '@/lib/access/oidc/issuer'
import { keepRecordSoon } from '@/lib/access/record/keep'
import { forgetStanding } from '@/lib/access/sessions/standing'
import { proveRecent } from '@/lib/access/sign-in'
import { leader } from '@/lib/database'
import { errorCode } from '@/lib/http/database-problem'
import type { OutputOf, ParsedInputOf } from '@/lib/http/endpoint'
import { Problem } from '@/lib/http/problem'

const FOREIGN_KEY_VIOLATION = '23503'

/** Everyone who may sign in, by name. */
export async function findAccounts(): Promise<OutputOf<typeof contract.listAccounts>> {
  return { accounts: (await queries.listAccounts(leader())).map(toItem) }
}

/** Makes an account that is to choose a password. @throws Problem 409 for an address that has one, 422 for no project, or when the password is wanted */
export async function invite(
  { email, role, memberships, ...proof }: ParsedInputOf<typeof contract.inviteAccount>,
  { account }: AccountCaller,
): Promise<OutputOf<typeof contract.inviteAccount>> {
  await proveRecent(account, proof)
  const invited = await inOne(async (tx) => {
    const made = await queries.insertAccount(tx, { email, role })
    if (!made) throw new Problem(409, `There is an account of ${email} already.`)
    await replaceMemberships(tx, made.id, memberships)
    const path = await makeInvitation(tx, made.id)
    const detail = { role, memberships }
    await audit(tx, { actor: account.email, action: 'account.invited', subject: email, detail })
    return { account: toItem(await found(tx, made.id)), path }
  })
  keepRecordSoon()
  return invited
}

/** Makes another link for an account. @throws Problem 404 */
export async function makeLink(
  { id, ...proof }: ParsedInputOf<typeof contract.renewInvitation>,
  caller: AccountCaller,
): Promise<OutputOf<typeof contract.renewInvitation>> {
  await proveRecent(caller.account, proof)
  return inOne(async (tx) => {
    const { email } = await locked(tx, id)
    const path = await makeInvitation(tx, id)
    await tell(tx, caller, 'account.link', email)
    return { account: toItem(await found(tx, id)), path }
  })
}

/**
 * Changes what someone may do. What makes others as mighty as oneself has to be proved when the sign-in is old: else an open
 * browser would be enough to become an admin for ever.
 *
 * @throws Problem 404, 409 for the last admin who can sign in, 422 for a project that there is not, or when nothing is given
 */
export async function changeAccount(
  { id, role, memberships, ...proof }: ParsedInputOf<typeof contract.updateAccount>,
  caller: AccountCaller,
): Promise<OutputOf<typeof contract.updateAccount>> {
  if (role === undefined && memberships === undefined) throw new Problem(422, 'Nothing to change was given.')
  if (role !== undefined) await proveRecent(caller.account, proof)
  const changed = await inOne(async (tx) => {
    const before = await locked(tx, id)
    if (role !== undefined && role !== before.role) await queries.updateAccount(tx, id, { role })
    if (memberships) await replaceMemberships(tx, id, memberships)
    if (before.role === 'admin') await keepAnAdmin(tx)
    const after = await found(tx, id)
    await tell(tx, caller, 'account.changed', before.email, {
      ...(after.role !== before.role && { role: { from: before.role, to: after.role } }),
      ...(memberships && { memberships: { from: before.memberships, to: after.memberships } }),
    })
    return { account: toItem(after) }
  })
  forget(id)
  return changed
}

/** Ends all sessions of an account. @throws Problem 404 */
export async function signOut(
  { id }: ParsedInputOf<typeof contract.endAccountSessions>,
  caller: AccountCaller,
): Promise<OutputOf<typeof contract.endAccountSessions>> {
  const ended = await inOne(async (tx) => {
    const { email } = await locked(tx, id)
    await raiseSessionVersion(tx, id)
    await dropInvitation(tx, id)
    await tell(tx, caller, 'account.signed-out', email)
    return { account: toItem(await found(tx, id)) }
  })
  forget(id)
  return ended
}

/** Removes the second factor of an account. @throws Problem 404, 409 when it has none */
export async function takeSecondFactor(
  { id, ...proof }: ParsedInputOf<typeof contract.resetSecondFactor>,
  caller: AccountCaller,
): Promise<OutputOf<typeof contract.resetSecondFactor>> {
  await proveRecent(caller.account, proof)
  const taken = await inOne(async (tx) => {
    const { email, secondFactor } = await locked(tx, id)
    if (!secondFactor) throw new Problem(409, 'This account has no second factor.')
    await setTotp(tx, id, { secret: null })
    await tell(tx, caller, 'factor.removed', email)
    return { account: toItem(await found(tx, id)) }
  })
  keepRecordSoon()
  return taken
}

/** Deletes an account. @throws Problem 404, 409 for the last admin who can sign in */
export async function forgetAccount(
  { id }: ParsedInputOf<typeof contract.deleteAccount>,
  caller: AccountCaller,
): Promise<OutputOf<typeof contract.deleteAccount>> {
  await inOne(async (tx) => {
    const { email, role } = await locked(tx, id)
    await queries.deleteAccount(tx, id)
    if (role === 'admin') await keepAnAdmin(tx)
    await tell(tx, caller, 'account.deleted', email)
  })
  forget(id)
  return { id }
}

/** Does all of it or nothing. */
const inOne = <T>(work: (tx: Db) => Promise<T>): Promise<T> =>
  leader()
    .transaction(work)
    .catch((error) => {
      throw errorCode(error) === FOREIGN_KEY_VIOLATION
        ? new Problem(422, 'There is no such project, or it was deleted just now.', { cause: error })
        : error
    })

/** The account, which nobody else changes meanwhile. */
async function locked(tx: Db, id: string): Promise<queries.AccountRow> {
  await queries.lockAccount(tx, id)
  return found(tx, id)
}

async function found(tx: Db, id: string): Promise<queries.AccountRow> {
  const row = await queries.findAccount(tx, id)
  if (!row) throw new Problem(404, 'There is no such account.')
  return row
}

/** @throws Problem 409 */
export async function keepAnAdmin(tx: Db): Promise<void> {
  if ((await queries.countAdmins(tx, hasIssuer())) === 0)
    throw new Problem(409, 'Nobody would be left who can sign in as an admin: make another one first.')
}

const tell = (
  tx: Db,
  { account: { email: actor } }: AccountCaller,
  action: Action,
  subject: string,
  detail = {},
): Promise<void> => audit(tx, { actor, action, subject, detail })

/** To be called after a change, so that it counts. */
function forget(id: string): void {
  forgetStanding(id)
  keepRecordSoon()
}

const toItem = (row: queries.AccountRow): contract.AccountItem => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  invitedUntil: row.invitedUntil && row.invitedUntil > new Date() ? row.invitedUntil.toISOString() : null,
})
