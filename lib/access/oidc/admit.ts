import type { Db } from '@/db/connect'
import {
  bindToIssuer,
  findBySubject,
  insertAccount,
  lockAccount,
  updateAccount,
} from '@/db/queries/access/accounts'
import { raiseSessionVersion } from '@/db/queries/access/sessions'
import { findUser } from '@/db/queries/access/users'
import type { users } from '@/db/schema'
import { keepAnAdmin } from '@/lib/access/accounts/service'
import { audit } from '@/lib/access/audit/service'
import { atLeast, type Role } from '@/lib/access/caller'
import type { IssuerClaims } from '@/lib/access/oidc/issuer'
import { keepRecordSoon } from '@/lib/access/record/keep'
import { forgetStanding } from '@/lib/access/sessions/standing'
import { PROVED_MS } from '@/lib/access/sign-in'
import { leader } from '@/lib/database'
import { env } from '@/lib/env'
import { Problem } from '@/lib/http/problem'

/** Whom to believe what. */
type Rules = Pick<ReturnType<typeof env>, 'OIDC_ROLE_CLAIM' | 'OIDC_TRUST_EMAIL'>

const ROLES: Role[] = ['viewer', 'operator', 'admin']
const ACTOR = 'OpenID Connect'

/**
 * The account of whoever an issuer has signed in, by their address there. With a claim for the role it is made where there is
 * none, and its role is what the claim says; without, only who was invited comes in.
 *
 * @throws Problem 403 with the reason, 409 when the last admin would be none, 503 while no database answers
 */
export async function admit(claims: IssuerClaims, rules: Rules = env()) {
  const email = emailOf(claims, rules)
  const role = roleOf(claims, rules)
  if (role === 'none') throw await turnAway(claims.sub, `the claim ${rules.OIDC_ROLE_CLAIM} names no role`)
  const user = await leader().transaction((tx) => settle(tx, { email, role, subject: claims.sub }))
  forgetStanding(user.id)
  keepRecordSoon()
  const { id, sessionVersion } = user
  return { id, email, role: user.role, sessionVersion, authenticatedAt: provedAt(claims) }
}

interface Known {
  email: string
  role: Role | null
  subject: string
}

async function settle(tx: Db, { email, role, subject }: Known): Promise<typeof users.$inferSelect> {
  const act = { actor: ACTOR, subject: email }
  const known = await findUser(tx, email)
  if (!known && role && (await insertAccount(tx, { email, role })))
    await audit(tx, { ...act, action: 'account.admitted', detail: { role } })
  const before = known ?? (await findUser(tx, email))
  if (!before) throw refused('nobody has invited this address, and no claim says a role')
  await lockAccount(tx, before.id)
  const bound = (await findUser(tx, email))?.oidcSubject ?? null
  if (bound !== null && bound !== subject)
    throw refused('the address was another person’s there: delete the account, or choose another address')
  if (bound === null) {
    const other = await findBySubject(tx, subject)
    if (other) throw refused(`this person has an account already, by another address: ${other.id}`)
    await bindToIssuer(tx, before.id, subject)
  }
  if (role && role !== before.role) {
    await updateAccount(tx, before.id, { role })
    if (before.role === 'admin') await keepAnAdmin(tx)
    const detail = { role: { from: before.role, to: role } }
    await audit(tx, { ...act, action: 'account.changed', detail })
  }
  return (await findUser(tx, email)) ?? before
}

function emailOf({ email, email_verified }: IssuerClaims, { OIDC_TRUST_EMAIL }: Rules): string {
  if (typeof email !== 'string' || !email.includes('@')) throw refused('the issuer names no address')
  // Whoever may choose any address there would choose an admin's.
  if (email_verified !== true && !OIDC_TRUST_EMAIL) throw refused('the address is not verified')
  return email.trim().toLowerCase()
}

/** Refuses someone who has no role any more: what they came in for before ends, too. */
async function turnAway(subject: string, reason: string): Promise<Problem> {
  const known = await findBySubject(leader(), subject)
  if (known) {
    await raiseSessionVersion(leader(), known.id)
    forgetStanding(known.id)
    keepRecordSoon()
  }
  return refused(reason)
}

/** The highest role that the claim names; null where no claim is looked at. */
function roleOf(claims: IssuerClaims, { OIDC_ROLE_CLAIM }: Rules): Role | 'none' | null {
  if (OIDC_ROLE_CLAIM === undefined) return null
  // Names such as https://shop.example/roles have dots of their own.
  const path = Object.hasOwn(claims, OIDC_ROLE_CLAIM) ? [OIDC_ROLE_CLAIM] : OIDC_ROLE_CLAIM.split('.')
  const value = path.reduce<unknown>(
    (at, name) => (at as Record<string, unknown> | null | undefined)?.[name],
    claims,
  )
  const named = ROLES.filter((role) => [value].flat().includes(role))
  const highest = named.reduce<Role | undefined>((a, b) => (a && atLeast(a, b) ? a : b), undefined)
  return highest ?? 'none'
}

/**
 * When they proved that it is them, in milliseconds. Where that is a while ago, or the issuer does not say when, they come in,
 * and an order wants a proof: what was asked of the issuer stands in an address that a browser can change.
 */
function provedAt({ auth_time }: IssuerClaims): number {
  const unproved = Date.now() - PROVED_MS - 1
  return typeof auth_time === 'number'
    ? Math.min(Math.max(auth_time * 1_000, unproved), Date.now())
    : unproved
}

const refused = (detail: string): Problem => new Problem(403, detail)
