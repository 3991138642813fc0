import { findKey } from '@/db/queries/access/find-key'
import { findProjects } from '@/db/queries/access/projects'
import type { KeyKind, Project } from '@/lib/access/caller'
import { keyLimiter } from '@/lib/access/limits'
import { keepRecordSoon } from '@/lib/access/record/keep'
import { askOrRecall, recallKey } from '@/lib/access/record/recall'
import { Remembered } from '@/lib/access/remembered'
import { hashKey } from '@/lib/access/secrets'
import { Problem } from '@/lib/http/problem'
import { singleton } from '@/lib/singleton'

export interface KnownKey {
  id: string
  kind: KeyKind
  ratePerSecond: number
  project: Project
}

interface FoundKey {
  key: Omit<KnownKey, 'project'>
  project: Project
}

/** A key that is unknown or revoked is null. */
const keys = () =>
  singleton('access.keys', () => new Remembered<KnownKey | null>(askKey, (key) => key === null))
const projects = () => singleton('access.projects', () => new Remembered<Project[]>(askProjects))

/** Keys that nobody has heard of, which one address may have looked up. */
const NEW_KEYS = { burst: 100, perSecond: 10 }

/**
 * The key and its project, or null for one that is unknown or revoked; one that another process has revoked is refused
 * after 5 s, one that this process has at once. What was known outlives the database.
 *
 * @param address of whoever sent it: each key that was not seen before costs a question, so there is a limit to them
 * @throws Problem 429
 */
export async function knownKey(key: string, address: string): Promise<KnownKey | null> {
  const known = keys().peek(key)
  if (known === undefined) return meetKey(key, address)
  return known && keys().get(key)
}

async function meetKey(key: string, address: string): Promise<KnownKey | null> {
  const bucket = `new keys ${address}`
  const costs = !keys().isAsked(key)
  const wait = costs ? keyLimiter().take(bucket, NEW_KEYS.perSecond, NEW_KEYS.burst) : 0
  if (wait > 0) throw new Problem(429, 'Too many unknown keys.', { retryAfter: wait })
  let found: KnownKey | null | undefined
  try {
    found = await keys().get(key)
    return found
  } finally {
    if (costs && found !== null) keyLimiter().giveBack(bucket)
  }
}

async function askKey(key: string): Promise<KnownKey | null> {
  const hash = hashKey(key)
  // A key that the record does not know may be newer than it: that is not for the record to say.
  const row = await askOrRecall<FoundKey | undefined>(
    (db) => findKey(db, hash),
    (record) => recallKey(record, hash),
  )
  return row ? { ...row.key, project: row.project } : null
}

const askProjects = (): Promise<Project[]> =>
  askOrRecall<Project[]>(findProjects, (record) => record.projects)

/** Every project, oldest first. */
export const knownProjects = (): Promise<Project[]> => projects().get('all')

/** To be called after a change to keys or projects. */
export function forgetAccess(): void {
  keys().forget()
  projects().forget()
  keepRecordSoon()
}
