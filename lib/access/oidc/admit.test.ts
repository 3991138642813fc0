import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findUser, upsertUser } from '@/db/queries/access/users'
import { invite } from '@/lib/access/accounts/service'
import * as service from '@/lib/access/oidc/admit'
import type { IssuerClaims } from '@/lib/access/oidc/issuer'
import { hasEnded, proveRecent } from '@/lib/access/sign-in'
import { caller } from '@/scripts/test/caller'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'

let test: TestDatabase
beforeAll(async () => {
  test = await makeDatabase()
})
afterAll(() => test.connection.close())

const admit = (who: IssuerClaims, claim: string | undefined = 'roles', trusted = false) =>
  service.admit(who, { OIDC_ROLE_CLAIM: claim, OIDC_TRUST_EMAIL: trusted })
/** No claim is looked at. */
const admitInvited = (who: IssuerClaims) => service.admit(who, { OIDC_TRUST_EMAIL: false })

const claims = (more: Partial<IssuerClaims> = {}): IssuerClaims => ({
  sub: randomUUID(),
  email: `${randomUUID()}@shop.example`,
  email_verified: true,
  roles: ['viewer'],
  ...more,
})
const find = ({ email }: IssuerClaims) => findUser(test.connection.db, String(email))
const inviteAs = ({ email }: IssuerClaims, role: 'viewer' | 'operator') =>
  invite({ email: String(email), role, memberships: [] }, caller('admin'))

it('takes the highest role that the claim names, alone, in a list, or deeper', async () => {
  const roleOf = async (more: Partial<IssuerClaims>, claim?: string) =>
    (await admit(claims(more), claim)).role
  const deeper = 'realm_access.roles'
  expect(await roleOf({ roles: 'operator' })).toBe('operator')
  expect(await roleOf({ roles: ['viewer', 'admin', 'operator', 'owner'] })).toBe('admin')
  expect(await roleOf({ realm_access: { roles: ['viewer'] } }, deeper)).toBe('viewer')
  const named = 'https://shop.example/roles'
  expect(await roleOf({ [named]: ['operator'] }, named)).toBe('operator')
  for (const roles of [undefined, null, 'owner', [], ['Admin'], { admin: true }, 7])
    await expect(roleOf({ realm_access: { roles } }, deeper)).rejects.toMatchObject({ status: 403 })
})

it('makes an account with the claim’s role, and keeps the role to the claim', async () => {
  const who = claims({ email: ` ${randomUUID()}@SHOP.example` })
  const first = await admit(who)
  expect(first).toMatchObject({ email: String(who.email).trim().toLowerCase(), role: 'viewer' })
  const again = await admit({ ...who, roles: ['operator'] })
  // Which ends the sessions of before.
  expect(again).toMatchObject({ id: first.id, role: 'operator', sessionVersion: first.sessionVersion + 1 })
  expect(await admit({ ...who, roles: ['operator'] })).toMatchObject({ sessionVersion: again.sessionVersion })
})

it('ends what someone came in for when the claim names no role any more', async () => {
  const who = claims({ roles: ['operator'] })
  const { sessionVersion } = await admit(who)
  await expect(admit({ ...who, roles: [] })).rejects.toMatchObject({ status: 403 })
  expect((await find(who))?.sessionVersion).toBe(sessionVersion + 1)
})

it('lets in only who was invited, as what they were, where no claim says a role', async () => {
  const [invited, unknown] = [claims({ roles: ['admin'] }), claims()]
  await inviteAs(invited, 'operator')
  expect(await admitInvited(invited)).toMatchObject({ role: 'operator' })
  await expect(admitInvited(unknown)).rejects.toMatchObject({ status: 403 })
  expect(await find(unknown)).toBeUndefined()
})

it('believes no address that is not verified, unless it is told to', async () => {
  const who = claims({ roles: ['viewer'] })
  await inviteAs(who, 'operator')
  for (const email_verified of [false, undefined, 'true', 1])
    await expect(admit({ ...who, email_verified })).rejects.toMatchObject({ status: 403 })
  for (const email of [undefined, null, '', 'break-glass', 7])
    await expect(admit({ ...who, email })).rejects.toMatchObject({ status: 403 })
  expect((await find(who))?.role).toBe('operator')
  expect(await admit({ ...who, email_verified: undefined }, 'roles', true)).toMatchObject({ role: 'viewer' })
})

it('takes nobody for another who has their address now', async () => {
  const who = claims()
  await admit(who)
  await expect(admit({ ...who, sub: randomUUID(), roles: ['admin'] })).rejects.toMatchObject({ status: 403 })
  expect((await find(who))?.role).toBe('viewer')
  // Nor for two people: they may not approve themselves.
  const other = { ...who, email: `${randomUUID()}@shop.example` }
  await expect(admit(other)).rejects.toMatchObject({ status: 403 })
  expect(await find(other)).toBeUndefined()
  const at = claims()
  const both = await Promise.allSettled([admit(at), admit(at)])
  expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
})

it('knows when they have proved who they are, and keeps the last admin', async () => {
  const seconds = Math.floor(Date.now() / 1_000) - 200
  expect(await admit(claims({ auth_time: seconds }))).toMatchObject({ authenticatedAt: seconds * 1_000 })
  // Whoever did so long ago, or nobody knows when, is in, and proves it before an order.
  for (const auth_time of [undefined, 'now', seconds - 30 * 86_400]) {
    const who = { ...(await admit(claims({ auth_time }))), memberships: [] }
    expect(hasEnded(who)).toBe(false)
    expect(who.authenticatedAt).toBeGreaterThan(Date.now() - 6 * 60_000)
    await expect(proveRecent(who, {})).rejects.toMatchObject({ status: 422 })
  }
  const ahead = await admit(claims({ auth_time: seconds + 9_999 }))
  expect(ahead.authenticatedAt).toBeLessThanOrEqual(Date.now())
  const { sql } = test.connection
  await sql`update users set role = 'viewer' where role = 'admin'`
  const last = claims({ roles: ['admin'] })
  await admit(last)
  await expect(admit({ ...last, roles: ['viewer'] })).rejects.toMatchObject({ status: 409 })
  expect((await find(last))?.role).toBe('admin')
  await upsertUser(test.connection.db, { email: 'boss@shop.example', role: 'admin', passwordHash: 'x' })
  expect(await admit({ ...last, roles: ['viewer'] })).toMatchObject({ role: 'viewer' })
})
