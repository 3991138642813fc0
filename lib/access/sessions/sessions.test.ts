import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { replaceMemberships } from '@/db/queries/access/memberships'
import { findStanding, insertEndedSession, raiseSessionVersion } from '@/db/queries/access/sessions'
import { findUser, upsertUser } from '@/db/queries/access/users'
import { endedSessions, users } from '@/db/schema'
import type { Role } from '@/lib/access/caller'
import { keepRecord } from '@/lib/access/record/keep'
import { endAll, endOne } from '@/lib/access/sessions/service'
import { type Claims, forgetStanding, LIFE_MS, standingOf } from '@/lib/access/sessions/standing'
import { BREAK_GLASS } from '@/lib/access/sign-in'
import { databaseAway, followLeader } from '@/lib/database'
import { eventually } from '@/scripts/cluster/testing'
import { caller } from '@/scripts/test/caller'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'
import { type DatabaseProxy, openProxy } from '@/scripts/test/proxy'

let test: TestDatabase
let proxy: DatabaseProxy
let folder: string

beforeAll(async () => {
  test = await makeDatabase()
  proxy = await openProxy(test.address)
  folder = await mkdtemp(join(tmpdir(), 'holdfast-sessions-'))
  process.env.DATABASE_URL = proxy.address
  process.env.HOLDFAST_DATA_DIR = folder
})
afterEach(() => proxy.mend())
afterAll(async () => {
  await test.connection.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Someone who has just signed in. */
async function signIn(email = `${randomUUID()}@shop.example`, role: Role = 'operator'): Promise<Claims> {
  const { db } = test.connection
  if (!(await findUser(db, email))) await upsertUser(db, { email, role, passwordHash: 'x' })
  const { id, sessionVersion } = (await findUser(db, email)) as typeof users.$inferSelect
  return { id, email, role, authenticatedAt: Date.now(), sessionId: randomUUID(), sessionVersion }
}

/** What another process does is seen when what is known here is asked for again. */
const untilEnded = (claims: Claims) =>
  eventually('the session has ended', async () => (await standingOf(claims)) === null)

it('holds, with the role that the account has now', async () => {
  const claims = await signIn()
  const { id, email, authenticatedAt } = claims
  expect(await standingOf(claims)).toEqual({ id, email, authenticatedAt, role: 'operator', memberships: [] })
  await test.connection.db.update(users).set({ role: 'viewer' }).where(eq(users.id, id))
  await eventually('the role is another', async () => (await standingOf(claims))?.role === 'viewer')
})

it('ends when it is signed out, and no other of the account with it', async () => {
  const email = `${randomUUID()}@shop.example`
  const [one, other] = [await signIn(email), await signIn(email)]
  await endOne(one)
  expect(await standingOf(one)).toBeNull()
  expect(await standingOf(other)).not.toBeNull()
  expect((await findStanding(test.connection.db, one.id))?.ended).toEqual([one.sessionId])
})

it('ends when another process signs it out, gives a new password, or deletes the account', async () => {
  const { db } = test.connection
  const [out, reset, deleted] = [await signIn(), await signIn(), await signIn()]
  for (const claims of [out, reset, deleted]) expect(await standingOf(claims)).not.toBeNull()
  await insertEndedSession(db, { id: out.sessionId, userId: out.id }, new Date(0))
  await upsertUser(db, { email: reset.email, role: 'operator', passwordHash: 'y' })
  await db.delete(users).where(eq(users.id, deleted.id))
  await Promise.all([out, reset, deleted].map(untilEnded))
  expect(await standingOf(await signIn(reset.email))).not.toBeNull()
})

it('ends everywhere, at once', async () => {
  const claims = await signIn()
  expect(await standingOf(claims)).not.toBeNull()
  await endAll({}, caller('operator', { id: claims.id }))
  expect(await standingOf(claims)).toBeNull()
})

it('ends after seven days, however often it was used; that of break-glass after an hour', async () => {
  const claims = await signIn()
  expect(await standingOf({ ...claims, authenticatedAt: Date.now() - LIFE_MS + 60_000 })).not.toBeNull()
  expect(await standingOf({ ...claims, authenticatedAt: Date.now() - LIFE_MS - 1 })).toBeNull()
  const glass = { ...claims, id: BREAK_GLASS, email: BREAK_GLASS }
  expect(await standingOf(glass)).toMatchObject({ role: 'operator' })
  expect(await standingOf({ ...glass, authenticatedAt: Date.now() - 3_600_001 })).toBeNull()
})

it('that is signed out of an account that is gone is no trouble', async () => {
  const claims = await signIn()
  await test.connection.db.delete(users).where(eq(users.id, claims.id))
  await endOne(claims)
  await endOne(claims)
  expect(await standingOf(claims)).toBeNull()
})

it('of before sessions had numbers has ended', async () => {
  expect(await standingOf({ ...(await signIn()), sessionId: '', sessionVersion: 0 })).toBeNull()
})

it('is forgotten when no cookie can hold it any more', async () => {
  const { db } = test.connection
  const [old, fresh] = [await signIn(), await signIn()]
  await insertEndedSession(db, { id: old.sessionId, userId: old.id }, new Date(0))
  await insertEndedSession(db, { id: fresh.sessionId, userId: fresh.id }, new Date(Date.now() + 1_000))
  expect(await db.select().from(endedSessions).where(eq(endedSessions.userId, old.id))).toEqual([])
})

it('holds without a database by the access record, which knows what has ended', async () => {
  const { db } = test.connection
  const [holds, out, everywhere] = [await signIn(), await signIn(), await signIn()]
  await insertEndedSession(db, { id: out.sessionId, userId: out.id }, new Date(0))
  await raiseSessionVersion(db, everywhere.id)
  const memberships = [{ projectId: test.project.id, role: 'viewer' as const }]
  await replaceMemberships(db, holds.id, memberships)
  await keepRecord(db, folder)
  await proxy.cut()
  await followLeader()
  await eventually('no database answers', async () => {
    await followLeader()
    return databaseAway()
  })
  expect(await standingOf(holds)).toMatchObject({ role: 'operator', memberships })
  expect(await standingOf(out)).toBeNull()
  expect(await standingOf(everywhere)).toBeNull()
  await endOne(holds)
  expect(await standingOf(holds)).toBeNull()
  // The console has to open for someone whom not even the record knows yet.
  rmSync(join(folder, 'access.json'))
  const unknown = { ...holds, sessionId: randomUUID() }
  forgetStanding(unknown.id)
  // And what one cookie says of the account says nothing to another.
  expect(await standingOf({ ...unknown, role: 'admin', sessionVersion: 7 })).toMatchObject({ role: 'admin' })
  expect(await standingOf(unknown)).toMatchObject({ email: unknown.email, role: 'operator' })

  await proxy.mend()
  await eventually('the sign-out is in the database', async () => {
    await followLeader()
    return (await findStanding(db, holds.id))?.ended.includes(holds.sessionId)
  })
})
