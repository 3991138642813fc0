import { findKey } from '@/db/queries/access/find-key'
import { findProjects } from '@/db/queries/access/projects'
import type { Project } from '@/lib/access/caller'
import { keepRecordSoon } from '@/lib/access/record/keep'
import { askOrRecall, recallKey } from '@/lib/access/record/recall'
import { hashKey } from '@/lib/access/secrets'
import { singleton } from '@/lib/singleton'

export interface KnownKey {
  id: string
  kind: 'write' | 'secret'
  ratePerSecond: number
  project: Project
}

interface FoundKey {
  key: Omit<KnownKey, 'project'>
  project: Project
}

interface Entry<T> {
  value: T
  /** When it is to be asked for again, in milliseconds since 1970. */
  until: number
}

/** A key revoked by another process is refused after this long; one revoked by this process at once. */
const FRESH_MS = 5_000
const CAPACITY = 10_000

const cache = singleton('access.cache', () => ({
  keys: new Map<string, Entry<KnownKey | null>>(),
  projects: undefined as Entry<Project[]> | undefined,
}))

/** The key and its project, or null for one that is unknown or revoked. What was known outlives the database. */
export async function knownKey(key: string): Promise<KnownKey | null> {
  const entry = cache.keys.get(key)
  if (entry && entry.until > Date.now()) return entry.value
  try {
    const hash = hashKey(key)
    // A key that the record does not know may be newer than it: that is not for the record to say.
    const row = await askOrRecall<FoundKey | undefined>(
      (db) => findKey(db, hash),
      (record) => recallKey(record, hash),
    )
    const value = row ? { ...row.key, project: row.project } : null
    if (cache.keys.size >= CAPACITY) cache.keys.clear()
    cache.keys.set(key, { value, until: Date.now() + FRESH_MS })
    return value
  } catch (error) {
    if (entry?.value) return entry.value
    throw error
  }
}

/** Every project, oldest first. */
export async function knownProjects(): Promise<Project[]> {
  if (cache.projects && cache.projects.until > Date.now()) return cache.projects.value
  const value = await askOrRecall<Project[]>(findProjects, (record) => record.projects)
  cache.projects = { value, until: Date.now() + FRESH_MS }
  return value
}

/** To be called after a change to keys or projects. */
export function forgetAccess(): void {
  cache.keys.clear()
  cache.projects = undefined
  keepRecordSoon()
}
