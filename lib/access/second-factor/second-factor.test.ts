import { randomUUID } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { takeTotpStep } from '@/db/queries/access/second-factor'
import { findUser, upsertUser } from '@/db/queries/access/users'
import type { users } from '@/db/schema'
import { findAccounts, takeSecondFactor } from '@/lib/access/accounts/service'
import { listAuditEntries } from '@/lib/access/audit/contract'
import { findAuditEntries } from '@/lib/access/audit/service'
import { replacePassword } from '@/lib/access/password/service'
import { stepOf } from '@/lib/access/second-factor/codes'
import { seal, unseal } from '@/lib/access/second-factor/seal'
import {
  dropSecondFactor,
  keepSecondFactor,
  offerSecondFactor,
  readSecondFactor,
} from '@/lib/access/second-factor/service'
import { hashPassword } from '@/lib/access/secrets'
import { BREAK_GLASS, findAccount, prove } from '@/lib/access/sign-in'
import { actorOf } from '@/lib/recovery/actor'
import { account as accountOf, caller } from '@/scripts/test/caller'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'

const PASSWORD = 'a sentence that is long enough'
const STEP_MS = 30_000

let test: TestDatabase
beforeAll(async () => {
  test = await makeDatabase()
})
afterAll(() => test.connection.close())
// Codes hang on the clock: it stands still, in the midst of a step.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 10, 29, 12, 0, 10) })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Someone with a second factor, or without; and what their app shows, some steps away from now. */
async function join(factor = true) {
  const email = `${randomUUID()}@shop.example`
  await upsertUser(test.connection.db, { email, role: 'viewer', passwordHash: await hashPassword(PASSWORD) })
  const { id } = (await findUser(test.connection.db, email)) as typeof users.$inferSelect
  const me = caller('viewer', { id, email })
  const offered = await offerSecondFactor({ password: PASSWORD }, me)
  const show = (steps = 0) =>
    new TOTP({ secret: offered.secret }).generate({ timestamp: Date.now() + steps * STEP_MS })
  const add = (code = show(-1)) => keepSecondFactor({ ticket: offered.ticket, code }, me)
  if (factor) await add()
  const signIn = (code?: string, password = PASSWORD) => findAccount(email, { password, code })
  return { id, email, me, offered, show, add, signIn }
}

it('reads the codes of RFC 6238', () => {
  const { base32 } = Secret.fromUTF8('12345678901234567890')
  const vectors: [number, string][] = [
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_234_567_890, '005924'],
    [20_000_000_000, '353130'],
  ]
  for (const [seconds, code] of vectors) {
    expect(stepOf(base32, code, seconds * 1_000)).toBe(Math.floor(seconds / 30))
    // One step of another clock is believed, two are not.
    expect(stepOf(base32, code, seconds * 1_000 + STEP_MS)).toBe(Math.floor(seconds / 30))
    expect(stepOf(base32, code, seconds * 1_000 + 2 * STEP_MS)).toBeNull()
  }
  for (const code of ['', '0', '28708', '2870822', 'abcdef', '287 08x', '12345é', '１２３４５６', '١٢٣٤٥٦'])
    expect(stepOf(base32, code, 59_000)).toBeNull()
})

it('opens a seal as what it was made for, and nothing that was changed', () => {
  const sealed = seal('a text', 'mine')
  expect(unseal(sealed, 'mine')).toBe('a text')
  expect(unseal(sealed, 'yours')).toBeNull()
  expect(unseal(`${sealed.slice(0, -2)}AA`, 'mine')).toBeNull()
  for (const text of ['', 'x', 'a'.repeat(20)]) expect(unseal(text, 'mine')).toBeNull()
  const secret = process.env.NEXTAUTH_SECRET
  expect(sealed).not.toBe(seal('a text', 'mine'))
  expect(secret && sealed.includes(secret)).toBe(false)
})

it('asks for a code with the right password, and says nothing of it with a wrong one', async () => {
  const { id, signIn, show } = await join()
  await expect(signIn()).rejects.toMatchObject({ status: 422, errors: [{ path: 'code' }] })
  expect(await signIn(undefined, 'wrong')).toBeNull()
  expect(await signIn(show(), 'wrong')).toBeNull()
  await expect(signIn('000000')).rejects.toMatchObject({ status: 403, errors: [{ path: 'code' }] })
  expect(await signIn(show())).toMatchObject({ id })
})

it('takes each code once, also by several at the same time and by another process', async () => {
  const { id, signIn, show } = await join()
  // The one that the factor was added with is used up as well.
  await expect(signIn(show(-1))).rejects.toMatchObject({ status: 403 })
  const tries = await Promise.allSettled([signIn(show()), signIn(show()), signIn(show())])
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  const next = Math.floor(Date.now() / STEP_MS) + 1
  expect(await takeTotpStep(test.connection.db, id, next)).toBe(true)
  await expect(signIn(show(1))).rejects.toMatchObject({ status: 403 })
  vi.setSystemTime(Date.now() + 2 * STEP_MS)
  expect(await signIn(show())).toMatchObject({ id })
})

it('takes ten wrong codes, and then none for a minute', async () => {
  const { me, signIn, show } = await join()
  const tries = await Promise.allSettled(Array.from({ length: 14 }, () => signIn('000000')))
  const statuses = tries.map((one) => one.status === 'rejected' && one.reason.status)
  expect(statuses.filter((status) => status === 403)).toHaveLength(10)
  expect(statuses.filter((status) => status === 429)).toHaveLength(4)
  await expect(signIn(show())).rejects.toMatchObject({ status: 429 })
  // Which keeps nobody who is inside from changing the password that somebody else knows.
  const next = 'quite another sentence'
  expect(await replacePassword({ password: PASSWORD, next, code: show() }, me)).toEqual({ changed: true })
})

it('is added with the password, its ticket and the first code, and by nobody else', async () => {
  const { me, offered, add, show } = await join(false)
  expect(offered.uri).toContain(`secret=${offered.secret}`)
  expect(await readSecondFactor({}, me)).toEqual({ enabled: false })
  const other = await join(false)
  await expect(offerSecondFactor({ password: 'wrong' }, me)).rejects.toMatchObject({ status: 403 })
  await expect(add('000000')).rejects.toMatchObject({ status: 403 })
  for (const ticket of ['', 'x', other.offered.ticket])
    await expect(keepSecondFactor({ ticket, code: show() }, me)).rejects.toMatchObject({ status: 422 })
  vi.setSystemTime(Date.now() + 16 * 60_000)
  await expect(add(show())).rejects.toMatchObject({ status: 422 })
  expect(await readSecondFactor({}, me)).toEqual({ enabled: false })
  const again = await join()
  expect(await readSecondFactor({}, again.me)).toEqual({ enabled: true })
  await expect(again.add(again.show())).rejects.toMatchObject({ status: 409 })
  await expect(offerSecondFactor({ password: PASSWORD }, again.me)).rejects.toMatchObject({ status: 409 })
  const glass = caller('operator', { id: BREAK_GLASS, email: BREAK_GLASS })
  await expect(offerSecondFactor({ password: 'x' }, glass)).rejects.toMatchObject({ status: 409 })
})

it('is removed with a code, by an admin, or with the new passwords of a start', async () => {
  const [one, other, third] = [await join(), await join(), await join()]
  const proof = { password: PASSWORD }
  await expect(dropSecondFactor(proof, one.me)).rejects.toMatchObject({ status: 422 })
  await dropSecondFactor({ ...proof, code: one.show() }, one.me)
  expect(await one.signIn()).toMatchObject({ id: one.id })
  const boss = caller('admin')
  await takeSecondFactor({ id: other.id }, boss)
  await expect(takeSecondFactor({ id: other.id }, boss)).rejects.toMatchObject({ status: 409 })
  expect(await other.signIn()).toMatchObject({ id: other.id })
  const passwordHash = await hashPassword(PASSWORD)
  await upsertUser(test.connection.db, { email: third.email, role: 'viewer', passwordHash })
  expect(await third.signIn()).toMatchObject({ id: third.id })
  const { accounts } = await findAccounts()
  expect(accounts.filter(({ secondFactor }) => secondFactor).map(({ id }) => id)).not.toContain(one.id)
  const { entries } = await findAuditEntries(listAuditEntries.input.parse({}))
  expect(entries.slice(0, 2).map(({ action, actor, subject }) => [action, actor, subject])).toEqual([
    ['factor.removed', boss.account.email, other.email],
    ['factor.removed', one.email, one.email],
  ])
})

it('is proved, with the password, before an order when the sign-in is old', async () => {
  const { me, show } = await join()
  const old = actorOf({ ...me.account, authenticatedAt: Date.now() - 6 * 60_000 })
  await expect(old.prove({})).rejects.toMatchObject({ status: 422, errors: [{ path: 'password' }] })
  await expect(old.prove({ password: 'wrong' })).rejects.toMatchObject({ status: 403 })
  const password = PASSWORD
  await expect(old.prove({ password })).rejects.toMatchObject({ status: 422, errors: [{ path: 'code' }] })
  await expect(old.prove({ password, code: '000000' })).rejects.toMatchObject({ status: 403 })
  await old.prove({ password, code: show() })
  await actorOf(accountOf('operator')).prove({})
})

it('keeps the password from who has not the code, and ends all sessions when it is changed', async () => {
  const { me, signIn, show } = await join()
  const next = 'quite another sentence'
  await expect(replacePassword({ password: 'wrong', next }, me)).rejects.toMatchObject({ status: 403 })
  await expect(replacePassword({ password: PASSWORD, next }, me)).rejects.toMatchObject({ status: 422 })
  const before = await findUser(test.connection.db, me.account.email)
  await replacePassword({ password: PASSWORD, next, code: show() }, me)
  const after = await findUser(test.connection.db, me.account.email)
  expect(after?.sessionVersion).toBe((before?.sessionVersion ?? 0) + 1)
  expect(await signIn(show(1))).toBeNull()
  expect(await signIn(show(1), next)).toMatchObject({ id: me.account.id })
  const glass = caller('operator', { id: BREAK_GLASS, email: BREAK_GLASS })
  await expect(replacePassword({ password: 'x', next }, glass)).rejects.toMatchObject({ status: 409 })
  await expect(prove(me.account, { password: PASSWORD })).rejects.toMatchObject({ status: 403 })
})
