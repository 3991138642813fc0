import type { Db } from '@/db/connect'
import { bindToIssuer, insertAccount, lockAccount, updateAccount } from '@/db/queries/access/accounts'
import { findUser } from '@/db/queries/access/users'
import type { users } from '@/db/schema'
import { keepAnAdmin } from '@/lib/access/accounts/service'
import { audit } from '@/lib/access/audit/service'
import { atLeast, type Role } from '@/lib/access/caller'
import type { IssuerClaims } from '@/lib/access/oidc/issuer'
import { keepRecordSoon } from '@/lib/access/record/keep'
import { forgetStanding } from '@/lib/access/sessions/standing'
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
  if (before.oidcSubject !== null && before.oidcSubject !== subject)
    throw refused('the address was another person’s there: delete the account, or choose another address')
  if (before.oidcSubject === null) await bindToIssuer(tx, before.id, subject)
  if (role && role !== before.role) {
    await updateAccount(tx, before.id, { role })
    await keepAnAdmin(tx)
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

/** The highest role that the claim names; null where no claim is looked at. */
function roleOf(claims: IssuerClaims, { OIDC_ROLE_CLAIM }: Rules): Role | null {
  if (OIDC_ROLE_CLAIM === undefined) return null
  const value = OIDC_ROLE_CLAIM.split('.').reduce<unknown>(
    (at, name) => (at as Record<string, unknown> | undefined)?.[name],
    claims,
  )
  const named = ROLES.filter((role) => [value].flat().includes(role))
  const highest = named.reduce<Role | undefined>((a, b) => (a && atLeast(a, b) ? a : b), undefined)
  if (!highest) throw refused(`the claim ${OIDC_ROLE_CLAIM} names no role`)
  return highest
}

/** When they proved that it is them, in milliseconds: now, where the issuer does not say. */
const provedAt = ({ auth_time }: IssuerClaims): number =>
  typeof auth_time === 'number' ? Math.min(auth_time * 1_000, Date.now()) : Date.now()

const refused = (detail: string): Problem => new Problem(403, detail)
