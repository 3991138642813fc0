import { findKey } from '@/db/queries/access/find-key'
import { findProjects } from '@/db/queries/access/projects'
import type { Project } from '@/lib/access/caller'
import { keyLimiter } from '@/lib/access/limits'
import { keepRecordSoon } from '@/lib/access/record/keep'
import { askOrRecall, recallKey } from '@/lib/access/record/recall'
import { hashKey } from '@/lib/access/secrets'
import { Problem } from '@/lib/http/problem'
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
  asked: new Map<string, Promise<KnownKey | null>>(),
  projects: undefined as Entry<Project[]> | undefined,
}))

/** Keys that nobody has heard of, which one address may have looked up. */
const NEW_KEYS = { burst: 100, perSecond: 10 }

/**
 * The key and its project, or null for one that is unknown or revoked. What was known outlives the database.
 *
 * @param address of whoever sent it: each key that was not seen before costs a question, so there is a limit to them
 * @throws Problem 429
 */
export async function knownKey(key: string, address: string): Promise<KnownKey | null> {
  const entry = cache.keys.get(key)
  if (entry && entry.until > Date.now()) return entry.value
  if (!entry?.value) return meetKey(key, address)
  return askKey(key, entry.value)
}

/** Those who send the same key at the same time share one question. */
function meetKey(key: string, address: string): Promise<KnownKey | null> {
  const under = cache.asked.get(key)
  if (under) return under
  const bucket = `new keys ${address}`
  const wait = keyLimiter().take(bucket, NEW_KEYS.perSecond, NEW_KEYS.burst)
  if (wait > 0) throw new Problem(429, 'Too many unknown keys.', { retryAfter: wait })
  let isUnknown = false
  const asking = askKey(key, null)
    .then((found) => {
      isUnknown = found === null
      return found
    })
    .finally(() => {
      cache.asked.delete(key)
      if (!isUnknown) keyLimiter().giveBack(bucket)
    })
  cache.asked.set(key, asking)
  return asking
}

/** @param before what it was when it was last asked for: that holds while nobody can say */
async function askKey(key: string, before: KnownKey | null): Promise<KnownKey | null> {
  try {
    const hash = hashKey(key)
    // A key that the record does not know may be newer than it: that is not for the record to say.
    const row = await askOrRecall<FoundKey | undefined>(
      (db) => findKey(db, hash),
      (record) => recallKey(record, hash),
    )
    const value = row ? { ...row.key, project: row.project } : null
    keep(key, { value, until: Date.now() + FRESH_MS })
    return value
  } catch (error) {
    if (before) return before
    throw error
  }
}

/** Unknown keys make room first: however many are sent, those that record stay known. */
function keep(key: string, entry: Entry<KnownKey | null>): void {
  const { keys } = cache
  keys.delete(key)
  if (keys.size >= CAPACITY) {
    const unknown = [...keys].find(([, { value }]) => value === null)
    keys.delete(unknown?.[0] ?? (keys.keys().next().value as string))
  }
  keys.set(key, entry)
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
