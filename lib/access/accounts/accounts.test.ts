import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findStanding } from '@/db/queries/access/sessions'
import { findUser, upsertUser } from '@/db/queries/access/users'
import * as accounts from '@/lib/access/accounts/contract'
import {
  changeAccount,
  findAccounts,
  forgetAccount,
  invite,
  makeLink,
  signOut,
  takeSecondFactor,
} from '@/lib/access/accounts/service'
import { listAuditEntries } from '@/lib/access/audit/contract'
import { findAuditEntries } from '@/lib/access/audit/service'
import type { Role } from '@/lib/access/caller'
import { chosenProject } from '@/lib/access/identify'
import { acceptInvitation } from '@/lib/access/invitations/contract'
import { choosePassword, readInvitation } from '@/lib/access/invitations/service'
import { findKeys, makeKey } from '@/lib/access/keys/service'
import { replacePassword } from '@/lib/access/password/service'
import { createProject } from '@/lib/access/projects/contract'
import { findProjects, makeProject } from '@/lib/access/projects/service'
import { hashPassword } from '@/lib/access/secrets'
import { standingOf } from '@/lib/access/sessions/standing'
import { findAccount } from '@/lib/access/sign-in'
import { account, caller } from '@/scripts/test/caller'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'

const PASSWORD = 'a sentence that is long enough'
const boss = caller('admin', { email: 'boss@shop.example' })

let test: TestDatabase
beforeAll(async () => {
  test = await makeDatabase()
  const { db } = test.connection
  await upsertUser(db, {
    email: boss.account.email,
    role: 'admin',
    passwordHash: await hashPassword(PASSWORD),
  })
})
afterAll(() => test.connection.close())

const stranger = () => ({ receivedAt: Date.now(), userAgent: null, address: randomUUID() })
const tokenOf = (path: string) => path.split('#')[1] ?? ''
const asked = (given: object) =>
  accounts.inviteAccount.input.parse({ email: `${randomUUID()}@shop.example`, ...given })
const make = (given: object = {}) => invite(asked(given), boss)
const choose = (path: string, password = PASSWORD) =>
  choosePassword({ token: tokenOf(path), password }, stranger())
const entries = async () => (await findAuditEntries(listAuditEntries.input.parse({}))).entries

/** Someone who was invited, chose a password, and signed in with it. */
async function join(given: object = {}) {
  const { account: made, path } = await make(given)
  await choose(path)
  return { id: made.id, email: made.email, claims: await claimsOf(made.id, made.email) }
}

async function claimsOf(id: string, email: string) {
  const { role = 'viewer', sessionVersion = 0 } = (await findStanding(test.connection.db, id)) ?? {}
  return {
    id,
    email,
    role: role as Role,
    authenticatedAt: Date.now(),
    sessionId: randomUUID(),
    sessionVersion,
  }
}

const newProject = async () => {
  const input = createProject.input.parse({ name: `Project ${randomUUID()}` })
  return (await makeProject(input, boss)).project
}

it('lets someone in by a link, once, with a password of their own', async () => {
  const { account: made, path } = await make({ email: ' Ada@Shop.example', role: 'operator' })
  expect(made).toMatchObject({
    email: 'ada@shop.example',
    role: 'operator',
    hasPassword: false,
    memberships: [],
  })
  expect(await findAccount('ada@shop.example', { password: '' })).toBeNull()
  expect(await readInvitation({ token: tokenOf(path) }, stranger())).toMatchObject({
    email: 'ada@shop.example',
  })
  await choose(path)
  expect(await findAccount('ada@shop.example', { password: PASSWORD })).toMatchObject({
    id: made.id,
    role: 'operator',
  })
  await expect(choose(path, 'another sentence')).rejects.toMatchObject({ status: 404 })
  await expect(readInvitation({ token: tokenOf(path) }, stranger())).rejects.toMatchObject({ status: 404 })
  expect(await findAccount('ada@shop.example', { password: PASSWORD })).not.toBeNull()
  const { accounts: all } = await findAccounts()
  expect(all.find(({ id }) => id === made.id)).toMatchObject({ hasPassword: true, invitedUntil: null })
})

it('takes a link for nothing that was replaced, is too old, or was used at the same time', async () => {
  const { account: made, path } = await make()
  const { path: other } = await makeLink({ id: made.id }, boss)
  await expect(choose(path)).rejects.toMatchObject({ status: 404 })
  const tries = await Promise.allSettled([choose(other), choose(other), choose(other)])
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  const { path: late } = await makeLink({ id: made.id }, boss)
  await test.connection.db.execute(sql`update invitations set expires_at = now() where user_id = ${made.id}`)
  await expect(choose(late)).rejects.toMatchObject({ status: 404 })
})

it('limits how many links one address tries', async () => {
  const from = stranger()
  const tries = await Promise.allSettled(
    Array.from({ length: 30 }, () => readInvitation({ token: 'x' }, from)),
  )
  const statuses = tries.map((one) => one.status === 'rejected' && one.reason.status)
  expect(statuses.filter((status) => status === 404)).toHaveLength(20)
  expect(statuses.filter((status) => status === 429)).toHaveLength(10)
  await expect(readInvitation({ token: 'x' }, stranger())).rejects.toMatchObject({ status: 404 })
})

it('ends the sessions of before when a password is chosen, and keeps the old one until then', async () => {
  const { id, email, claims } = await join()
  expect(await standingOf(claims)).not.toBeNull()
  const { path } = await makeLink({ id }, boss)
  expect(await standingOf(claims)).not.toBeNull()
  expect(await findAccount(email, { password: PASSWORD })).not.toBeNull()
  await choose(path, 'another sentence')
  expect(await standingOf(claims)).toBeNull()
  expect(await findAccount(email, { password: PASSWORD })).toBeNull()
})

it('asks for a password that is long', () => {
  const parse = (password: string) => acceptInvitation.input.safeParse({ token: 'x', password }).success
  expect(['elevenchars', 'twelve chars', 'x'.repeat(201)].map(parse)).toEqual([false, true, false])
})

it('shows the projects that someone is in, and no others; an admin all', async () => {
  const [mine, other] = [await newProject(), await newProject()]
  const viewer = account('viewer', { memberships: [{ projectId: mine.id, role: 'operator' }] })
  const seen = async (one: typeof viewer) => (await findProjects({}, { ...boss, account: one })).projects
  expect((await seen(viewer)).map(({ id, role }) => [id, role])).toEqual([[mine.id, 'operator']])
  expect((await seen(boss.account)).map(({ id }) => id)).toEqual(expect.arrayContaining([mine.id, other.id]))
  expect((await chosenProject(viewer, undefined)).id).toBe(mine.id)
  expect((await chosenProject(viewer, mine.name)).id).toBe(mine.id)
  const message = 'There is no such project.'
  for (const wanted of [other.id, other.name, test.project.id, randomUUID()])
    await expect(chosenProject(viewer, wanted)).rejects.toMatchObject({ status: 404, message })
  await expect(findKeys({ project: other.id }, { ...boss, account: viewer })).rejects.toMatchObject({
    status: 404,
  })
  await expect(chosenProject(account('operator'), undefined)).rejects.toMatchObject({ status: 404 })
})

it('changes what someone may do: projects at once, another role by ending their sessions', async () => {
  const project = await newProject()
  const { id, email, claims } = await join()
  expect(await standingOf(claims)).toMatchObject({ memberships: [] })
  const memberships = [{ projectId: project.id, role: 'viewer' as const }]
  await changeAccount({ id, memberships }, boss)
  expect(await standingOf(claims)).toMatchObject({ role: 'viewer', memberships })
  await changeAccount({ id, memberships: [] }, boss)
  expect(await standingOf(claims)).toMatchObject({ memberships: [] })
  await changeAccount({ id, role: 'operator' }, boss)
  expect(await standingOf(claims)).toBeNull()
  expect(await standingOf(await claimsOf(id, email))).toMatchObject({ role: 'operator' })
})

it('signs someone out everywhere, and deletes them', async () => {
  const { id, email, claims } = await join()
  await signOut({ id }, boss)
  expect(await standingOf(claims)).toBeNull()
  const again = await claimsOf(id, email)
  expect(await standingOf(again)).not.toBeNull()
  await forgetAccount({ id }, boss)
  expect(await standingOf(again)).toBeNull()
  expect(await findAccount(email, { password: PASSWORD })).toBeNull()
})

it('changes nothing when it refuses', async () => {
  const { id, email } = await join()
  const before = [await findAccounts(), await entries()]
  const memberships = [{ projectId: randomUUID(), role: 'viewer' as const }]
  const nobody = randomUUID()
  await expect(make({ email })).rejects.toMatchObject({ status: 409 })
  await expect(make({ memberships })).rejects.toMatchObject({ status: 422 })
  await expect(changeAccount({ id, role: 'operator', memberships }, boss)).rejects.toMatchObject({
    status: 422,
  })
  await expect(changeAccount({ id }, boss)).rejects.toMatchObject({ status: 422 })
  for (const act of [makeLink, signOut, forgetAccount])
    await expect(act({ id: nobody }, boss)).rejects.toMatchObject({ status: 404 })
  await expect(changeAccount({ id: nobody, role: 'admin' }, boss)).rejects.toMatchObject({ status: 404 })
  expect([await findAccounts(), await entries()]).toEqual(before)
  const wrong = [{ email: 'no address' }, { email: 'a@b.example', role: 'owner' }, { role: 'viewer' }]
  for (const given of wrong) expect(accounts.inviteAccount.input.safeParse(given).success).toBe(false)
})

it('always keeps an admin who can sign in, also when two put each other out at once', async () => {
  const first = await findUser(test.connection.db, boss.account.email)
  if (!first) throw new Error('nobody is the boss')
  // Who was only invited is nobody yet.
  await make({ role: 'admin' })
  await expect(changeAccount({ id: first.id, role: 'viewer' }, boss)).rejects.toMatchObject({ status: 409 })
  await expect(forgetAccount({ id: first.id }, boss)).rejects.toMatchObject({ status: 409 })
  const second = await join({ role: 'admin' })
  const results = await Promise.allSettled([
    changeAccount({ id: first.id, role: 'viewer' }, boss),
    forgetAccount({ id: second.id }, boss),
  ])
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  await upsertUser(test.connection.db, { ...first, role: 'admin' })
})

it('tells of each act, by whom and to whom, and of no secret', async () => {
  const project = await newProject()
  const { account: made, path } = await make({ role: 'viewer' })
  const link = await makeLink({ id: made.id }, boss)
  await choose(link.path)
  await changeAccount(
    { id: made.id, role: 'operator', memberships: [{ projectId: project.id, role: 'viewer' }] },
    boss,
  )
  await signOut({ id: made.id }, boss)
  await forgetAccount({ id: made.id }, boss)
  const { secret } = await makeKey(
    { project: project.id, kind: 'write', name: 'Shop', ratePerSecond: 1 },
    boss,
  )
  const told = (await entries()).slice(0, 8).reverse()
  expect(told.map(({ action, actor, subject }) => [action, actor, subject])).toEqual([
    ['project.created', boss.account.email, project.name],
    ['account.invited', boss.account.email, made.email],
    ['account.link', boss.account.email, made.email],
    ['account.joined', made.email, made.email],
    ['account.changed', boss.account.email, made.email],
    ['account.signed-out', boss.account.email, made.email],
    ['account.deleted', boss.account.email, made.email],
    ['key.created', boss.account.email, project.name],
  ])
  expect(told[4]?.detail).toEqual({
    role: { from: 'viewer', to: 'operator' },
    memberships: { from: [], to: [{ projectId: project.id, role: 'viewer' }] },
  })
  const text = JSON.stringify(told)
  for (const one of [tokenOf(path), tokenOf(link.path), PASSWORD, secret]) expect(text).not.toContain(one)
  const older = await findAuditEntries({ limit: 3, before: told[3]?.id })
  expect(older.entries.map(({ id }) => id)).toEqual(
    told
      .slice(0, 3)
      .map(({ id }) => id)
      .reverse(),
  )
})

it('wants a proof for what makes mightier, when the sign-in is old', async () => {
  const { id } = await join()
  const old = caller('admin', { email: boss.account.email, authenticatedAt: Date.now() - 6 * 60_000 })
  const wanted = { status: 422, errors: [{ path: 'password' }] }
  await expect(invite(asked({}), old)).rejects.toMatchObject(wanted)
  await expect(makeLink({ id }, old)).rejects.toMatchObject(wanted)
  await expect(takeSecondFactor({ id }, old)).rejects.toMatchObject(wanted)
  await expect(changeAccount({ id, role: 'admin' }, old)).rejects.toMatchObject(wanted)
  const known = await findUser(test.connection.db, boss.account.email)
  const me = { ...old, account: { ...old.account, id: known?.id ?? '' } }
  await expect(makeLink({ id, password: 'wrong' }, me)).rejects.toMatchObject({ status: 403 })
  await makeLink({ id, password: PASSWORD }, me)
  await changeAccount({ id, memberships: [] }, old)
})

it('takes a link for nothing once they are signed out, or have changed the password themselves', async () => {
  const { id, email } = await join()
  const { path } = await makeLink({ id }, boss)
  await signOut({ id }, boss)
  await expect(choose(path)).rejects.toMatchObject({ status: 404 })
  const { path: other } = await makeLink({ id }, boss)
  await replacePassword({ password: PASSWORD, next: 'another sentence' }, caller('viewer', { id, email }))
  await expect(choose(other)).rejects.toMatchObject({ status: 404 })
})
