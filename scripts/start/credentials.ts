import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Connection, Db } from '@/db/connect'
import { listAccounts } from '@/db/queries/access/accounts'
import { dropInvitation } from '@/db/queries/access/invitations'
import { insertKey } from '@/db/queries/access/keys'
import { addMemberships } from '@/db/queries/access/memberships'
import { findProjects, insertProject } from '@/db/queries/access/projects'
import { findUser, upsertUser } from '@/db/queries/access/users'
import type { Role } from '@/lib/access/caller'
import { hashKey, hashPassword, makeKey, makePassword } from '@/lib/access/secrets'

export interface Credentials {
  url: string
  users: Record<'admin' | 'operator' | 'viewer', { email: string; password: string }>
  project: { id: string; name: string; writeKey: string; secretKey: string }
  /** The project that Holdfast's own pages record into. Folders of before do not have it, nor those that were told not to. */
  own?: { id: string; name: string; writeKey: string }
  cluster: { members: { name: string; host: string; port: number; restPort: number }[] }
}

type Account = { id: string }

const ROLES: Role[] = ['admin', 'operator', 'viewer']
const RATE_PER_SECOND = 20_000
const OWN_NAME = 'Holdfast'

/** Where the credentials of a data folder are. */
export const credentialsPath = (dataDir: string): string => join(dataDir, 'credentials.json')

/** The credentials of a data folder, if it was started before. */
export function readCredentials(dataDir: string): Credentials | undefined {
  const path = credentialsPath(dataDir)
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Credentials) : undefined
}

/** Writes the credentials, readable by their owner only. */
export function writeCredentials(dataDir: string, credentials: Credentials): void {
  writePrivate(credentialsPath(dataDir), `${JSON.stringify(credentials, null, 2)}\n`)
}

/** The secret that signs sessions, made on first use and kept in the data folder. */
export function sessionSecret(dataDir: string): string {
  const path = join(dataDir, 'session-secret')
  if (!existsSync(path)) writePrivate(path, randomBytes(32).toString('base64url'))
  return readFileSync(path, 'utf8')
}

/**
 * Makes the three accounts where there are none at all, or gives them new passwords, and those back that were deleted, when
 * told to. Otherwise they are left as they are: an admin may have deleted one.
 *
 * @returns `made` those that are new; `unknown` says that the password of one is not known here
 */
export async function ensureUsers(
  { db }: Connection,
  known: Credentials['users'] | undefined,
  reset: boolean,
): Promise<{ users: Credentials['users']; made: Account[]; unknown: boolean }> {
  return db.transaction((tx) => ensureAll(tx, known, reset))
}

/** All of them or none, so that a start that is killed leaves no half. */
async function ensureAll(tx: Db, known: Credentials['users'] | undefined, reset: boolean) {
  const users = {} as Credentials['users']
  const first = (await listAccounts(tx)).length === 0
  const made: Account[] = []
  for (const role of ROLES) {
    const email = known?.[role].email ?? `${role}@holdfast.local`
    const password = reset ? makePassword() : (known?.[role].password ?? (first ? makePassword() : ''))
    users[role] = { email, password }
    const before = await findUser(tx, email)
    if (!(reset || first)) continue
    await upsertUser(tx, { email, role, passwordHash: await hashPassword(password) })
    const user = await findUser(tx, email)
    if (!user) continue
    await dropInvitation(tx, user.id)
    if (!before) made.push(user)
  }
  return { users, made, unknown: ROLES.some((role) => users[role].password === '') }
}

/** Lets the accounts into projects, where one of both is new: who was put out since stays out. */
export async function letIn(
  { db }: Connection,
  { users, made }: { users: Credentials['users']; made: Account[] },
  projects: { id: string; made: boolean }[],
): Promise<void> {
  const emails = ROLES.map((role) => users[role].email)
  const all = (await listAccounts(db)).filter(({ email }) => emails.includes(email))
  const isNew = (id: string) => made.some((one) => one.id === id)
  await addMemberships(
    db,
    projects.flatMap((project) =>
      all.flatMap(({ id, role }) =>
        role !== 'admin' && (project.made || isNew(id)) ? [{ userId: id, projectId: project.id, role }] : [],
      ),
    ),
  )
}

/** Finds or makes the first project with a pair of keys. `made` says that the project is new. */
export async function ensureProject(
  { db }: Connection,
  known: Credentials['project'] | undefined,
): Promise<{ project: Credentials['project']; made: boolean }> {
  const projects = await findProjects(db)
  if (known && projects.some((project) => project.id === known.id)) return { project: known, made: false }
  const found = projects[0]
  const { id, name } =
    found ??
    ((await insertProject(db, {
      name: 'Demo',
      allowedOrigins: ['http://localhost:*', 'http://127.0.0.1:*'],
    })) as {
      id: string
      name: string
    })
  const writeKey = await storeKey(db, id, 'write')
  const secretKey = await storeKey(db, id, 'secret')
  return { project: { id, name, writeKey, secretKey }, made: !found }
}

/**
 * Finds or makes the project that Holdfast's own pages record into, with a write key. It is made after the first one,
 * which every page is about that names none.
 *
 * @param url where people open Holdfast
 */
export async function ensureOwn(
  { db }: Connection,
  known: Credentials['own'],
  first: Pick<Credentials['project'], 'id'>,
  url: string,
): Promise<{ own: NonNullable<Credentials['own']>; made: boolean }> {
  const projects = await findProjects(db)
  if (known && projects.some((project) => project.id === known.id)) return { own: known, made: false }
  // The first project is someone's product, whatever they call it.
  const taken = projects.some((project) => project.id === first.id && project.name === OWN_NAME)
  const name = taken ? `${OWN_NAME} itself` : OWN_NAME
  const found = projects.find((project) => project.name === name && project.id !== first.id)
  const project = found ?? (await insertProject(db, { name, allowedOrigins: [new URL(url).origin] }))
  if (!project) throw new Error(`The project ${name} was not made: the name is taken.`)
  const writeKey = await storeKey(db, project.id, 'write')
  return { own: { id: project.id, name, writeKey }, made: !found }
}

/** Makes a key and stores its hash. */
async function storeKey(db: Db, projectId: string, kind: 'write' | 'secret'): Promise<string> {
  const key = makeKey(kind)
  await insertKey(db, {
    projectId,
    kind,
    name: 'credentials.json',
    hint: key.slice(0, 9),
    hash: hashKey(key),
    ratePerSecond: RATE_PER_SECOND,
    createdBy: 'npm start',
  })
  return key
}

function writePrivate(path: string, text: string): void {
  const temporary = `${path}.${process.pid}`
  writeFileSync(temporary, text, { mode: 0o600 })
  renameSync(temporary, path)
}
