import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TOTP } from 'otpauth'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { insertKey } from '@/db/queries/access/keys'
import { setTotp } from '@/db/queries/access/second-factor'
import { findUser, upsertUser } from '@/db/queries/access/users'
import { identifyKey } from '@/lib/access/identify'
import { createProject } from '@/lib/access/projects/contract'
import { findProjects, makeProject } from '@/lib/access/projects/service'
import { readRecord, recordPath } from '@/lib/access/record/file'
import { keepRecord } from '@/lib/access/record/keep'
import { aboutFactor } from '@/lib/access/second-factor/codes'
import { seal } from '@/lib/access/second-factor/seal'
import { hashKey, hashPassword, makeKey } from '@/lib/access/secrets'
import { BREAK_GLASS, findAccount, hasEnded, prove } from '@/lib/access/sign-in'
import { databaseAway, followLeader, leader } from '@/lib/database'
import { eventually } from '@/scripts/cluster/testing'
import { caller } from '@/scripts/test/caller'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'
import { expectTook } from '@/scripts/test/measured'
import { type DatabaseProxy, openProxy } from '@/scripts/test/proxy'

const GLASS = 'a password for emergencies'
const EMAIL = { viewer: 'viewer@test.example', operator: 'operator@test.example' }
const key = makeKey('write')
const revoked = makeKey('write')

let database: TestDatabase
let proxy: DatabaseProxy
let folder: string

beforeAll(async () => {
  database = await makeDatabase()
  proxy = await openProxy(database.address)
  folder = await mkdtemp(join(tmpdir(), 'holdfast-record-'))
  process.env.DATABASE_URL = proxy.address
  process.env.HOLDFAST_DATA_DIR = folder
  process.env.HOLDFAST_BREAK_GLASS_PASSWORD = GLASS
  await setPassword('viewer', 'what the viewer knows')
  await setPassword('operator', 'what the operator knows')
  await store(key, null)
  await store(revoked, new Date())
  await keep()
})
afterEach(async () => {
  await proxy.mend()
  await eventually('the database answers', async () => {
    await followLeader()
    return !databaseAway()
  })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const keep = () => keepRecord(database.connection.db, folder)

async function setPassword(role: 'viewer' | 'operator', password: string): Promise<void> {
  await upsertUser(database.connection.db, {
    email: EMAIL[role],
    role,
    passwordHash: await hashPassword(password),
  })
}

async function store(secret: string, revokedAt: Date | null): Promise<void> {
  await insertKey(database.connection.db, {
    projectId: database.project.id,
    kind: 'write',
    name: 'test',
    hint: secret.slice(0, 9),
    hash: hashKey(secret),
    ratePerSecond: 7,
    createdBy: 'a test',
    revokedAt,
  })
}

async function cut(): Promise<void> {
  await proxy.cut()
  await eventually('the absence is known', async () => {
    await followLeader()
    return databaseAway()
  })
}

async function took(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

const useKey = async (secret: string) =>
  (await identifyKey(new Headers({ authorization: `Bearer ${secret}` }), 'record')).project

test('the record is private, holds no secret, and is written when something differs', async () => {
  const path = recordPath(folder)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  const text = readFileSync(path, 'utf8')
  for (const secret of [key, revoked, 'what the viewer knows']) expect(text).not.toContain(secret)
  expect(readRecord(folder)?.keys.map(({ hash }) => hash)).toEqual([hashKey(key)])

  const before = statSync(path)
  await keep()
  expect(statSync(path).ino).toBe(before.ino)
  expect(statSync(path).mtimeMs).toBe(before.mtimeMs)
  await setPassword('viewer', 'another')
  await keep()
  expect(readFileSync(path, 'utf8')).not.toBe(text)
})

test('a database without accounts does not take the record away', async () => {
  const empty = await makeDatabase()
  await keepRecord(empty.connection.db, folder)
  expect(readRecord(folder)?.users).toHaveLength(2)
})

test('a change that this process makes is in the record soon, without the worker', async () => {
  await makeProject(createProject.input.parse({ name: 'Made just now' }), caller('admin'))
  await eventually('the project is in the record', () =>
    readRecord(folder)?.projects.some(({ name }) => name === 'Made just now'),
  )
})

test('the database decides while it answers, whatever the record says', async () => {
  await setPassword('viewer', 'newer than the record')
  expect(await findAccount(EMAIL.viewer, { password: 'newer than the record' })).toMatchObject({
    role: 'viewer',
  })
  expect(await findAccount(EMAIL.viewer, { password: 'another' })).toBeNull()
  expect(await findAccount(BREAK_GLASS, { password: GLASS })).toBeNull()
})

test('with the database down, the record signs people in, with their own roles', async () => {
  await setPassword('viewer', 'what the viewer knows')
  await keep()
  await cut()
  expect(await findAccount(' Viewer@test.example', { password: 'what the viewer knows' })).toMatchObject({
    email: EMAIL.viewer,
    role: 'viewer',
  })
  expect(await findAccount(EMAIL.operator, { password: 'what the operator knows' })).toMatchObject({
    role: 'operator',
  })
  expect(await findAccount(EMAIL.operator, { password: 'what the viewer knows' })).toBeNull()
  expect(await findAccount('nobody@test.example', { password: 'what the viewer knows' })).toBeNull()
  expect(await findAccount('a\0b', { password: 'what the viewer knows' })).toBeNull()
  expect(() => leader()).toThrow('No database answers')
  expect((await findProjects({}, caller('admin'))).projects.map(({ name }) => name)).toContain('Test')
})

test('connections that are lost are no absence, while the server takes new ones', async () => {
  await followLeader()
  await database.connection.sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name = 'holdfast probe'`
  await followLeader()
  expect(databaseAway()).toBe(false)
})

test('a database that hangs costs one wait, not one for every request', async () => {
  proxy.hang()
  const ask = () => findAccount(EMAIL.viewer, { password: 'what the viewer knows' })
  expectTook('the first sign-in while the database hangs', await took(ask), 3_000)
  await eventually('the absence is known', databaseAway)
  expectTook('the next sign-in while the database hangs', await took(ask), 1_000)
  expect(await ask()).toMatchObject({ role: 'viewer' })
})

test('break-glass opens while no database answers, and only with its password', async () => {
  await cut()
  expect(await findAccount(BREAK_GLASS, { password: GLASS })).toEqual({
    id: BREAK_GLASS,
    email: BREAK_GLASS,
    role: 'operator',
    sessionVersion: 1,
  })
  expect(await findAccount(BREAK_GLASS, { password: `${GLASS} ` })).toBeNull()
  expect(await findAccount(BREAK_GLASS, { password: '' })).toBeNull()
  const signedIn = {
    id: BREAK_GLASS,
    email: BREAK_GLASS,
    role: 'operator',
    authenticatedAt: Date.now(),
  } as const
  expect(hasEnded(signedIn)).toBe(false)
  expect(hasEnded({ ...signedIn, authenticatedAt: Date.now() - 3_600_001 })).toBe(true)
  expect(hasEnded({ ...signedIn, id: 'of a person', authenticatedAt: 0 })).toBe(false)
  await proxy.mend()
  // It asks anew: what was known a moment ago does not count.
  await eventually(
    'it is refused again',
    async () => (await findAccount(BREAK_GLASS, { password: GLASS })) === null,
  )
})

test('a key is known from the record; one that is not in it is not called wrong', async () => {
  await cut()
  expect(await useKey(key)).toMatchObject({ id: database.project.id, name: 'Test' })
  await expect(useKey(makeKey('write'))).rejects.toMatchObject({ status: 503 })
  await expect(useKey(revoked)).rejects.toMatchObject({ status: 503 })
})

test('without a record that can be read, nobody is let in and nobody is called wrong', async () => {
  writeFileSync(recordPath(folder), '{"version":1,"users":[')
  await cut()
  await expect(findAccount(EMAIL.viewer, { password: 'what the viewer knows' })).rejects.toMatchObject({
    status: 503,
  })
  await proxy.mend()
  await keep()
  expect(readRecord(folder)?.users).toHaveLength(2)
})

test('the password is verified anew, by the record too, and guesses come to an end', async () => {
  const account = await findAccount(EMAIL.operator, { password: 'what the operator knows' })
  if (!account) throw new Error('not signed in')
  const right = { password: 'what the operator knows' }
  for (let i = 0; i < 7; i++) await prove(account, right)
  await expect(prove({ ...account, id: 'of another' }, right)).rejects.toMatchObject({ status: 403 })
  await cut()
  await prove(account, right)
  const guesses = await Promise.allSettled(
    Array.from({ length: 8 }, () => prove(account, { password: 'wrong' })),
  )
  const statuses = guesses.map((one) => one.status === 'rejected' && one.reason.status)
  expect(statuses.sort()).toEqual([403, 403, 403, 403, 429, 429, 429, 429])
  await expect(prove(account, right)).rejects.toMatchObject({ status: 429 })
})

test('a second factor is asked for by the record, too, and its code is good once', async () => {
  const [signIn, me] = await factorOf(EMAIL.viewer, 'what the viewer knows')
  await keep()
  await cut()
  await expect(signIn()).rejects.toMatchObject({ status: 422 })
  await expect(signIn('000000')).rejects.toMatchObject({ status: 403 })
  const code = me.generate()
  expect(await signIn(code)).toMatchObject({ email: EMAIL.viewer })
  await expect(signIn(code)).rejects.toMatchObject({ status: 403 })
})

/** Gives an account a second factor. */
async function factorOf(email: string, password: string) {
  const user = await findUser(database.connection.db, email)
  if (!user) throw new Error('nobody')
  await setPassword('viewer', password)
  const totp = new TOTP()
  const secret = seal(totp.secret.base32, aboutFactor(user.id))
  await setTotp(database.connection.db, user.id, { secret })
  return [(code?: string) => findAccount(email, { password, code }), totp] as const
}
