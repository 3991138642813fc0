import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Connection } from '@/db/connect'
import { insertKey } from '@/db/queries/access/keys'
import { findProjects, insertProject } from '@/db/queries/access/projects'
import { findUser, upsertUser } from '@/db/queries/access/users'
import type { Role } from '@/lib/access/caller'
import { hashKey, hashPassword, makeKey, makePassword } from '@/lib/access/secrets'

export interface Credentials {
  url: string
  users: Record<'admin' | 'operator' | 'viewer', { email: string; password: string }>
  project: { id: string; name: string; writeKey: string; secretKey: string }
  cluster: { members: { name: string; host: string; port: number; restPort: number }[] }
}

const ROLES: Role[] = ['admin', 'operator', 'viewer']
const RATE_PER_SECOND = 20_000

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

/** Makes the three accounts where they are missing; without a known password they are only left as they are. */
export async function ensureUsers(
  { db }: Connection,
  known: Credentials['users'] | undefined,
  reset: boolean,
): Promise<{ users: Credentials['users']; unknown: boolean }> {
  const users = {} as Credentials['users']
  let unknown = false
  for (const role of ROLES) {
    const email = known?.[role].email ?? `${role}@holdfast.local`
    const exists = (await findUser(db, email)) !== undefined
    const password = reset ? makePassword() : (known?.[role].password ?? (exists ? '' : makePassword()))
    users[role] = { email, password }
    if (!exists || reset) await upsertUser(db, { email, role, passwordHash: await hashPassword(password) })
    unknown ||= password === ''
  }
  return { users, unknown }
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
  const writeKey = await storeKey('write')
  const secretKey = await storeKey('secret')
  return { project: { id, name, writeKey, secretKey }, made: !found }

  async function storeKey(kind: 'write' | 'secret'): Promise<string> {
    const key = makeKey(kind)
    await insertKey(db, {
      projectId: id,
      kind,
      name: 'credentials.json',
      hint: key.slice(0, 9),
      hash: hashKey(key),
      ratePerSecond: RATE_PER_SECOND,
      createdBy: 'npm start',
    })
    return key
  }
}

function writePrivate(path: string, text: string): void {
  const temporary = `${path}.${process.pid}`
  writeFileSync(temporary, text, { mode: 0o600 })
  renameSync(temporary, path)
}
