import { findStanding } from '@/db/queries/access/sessions'
import { BREAK_GLASS, hasEnded } from '@/lib/access/accounts'
import type { Account, Role } from '@/lib/access/caller'
import { askOrRecall, isUnavailable } from '@/lib/access/record/recall'
import { inTime } from '@/lib/in-time'
import { singleton } from '@/lib/singleton'

/** A session as its cookie tells it. */
export interface Claims extends Account {
  sessionId: string
  sessionVersion: number
}

/** What holds of an account now; null for one that is gone. */
interface Standing {
  role: Role
  sessionVersion: number
  ended: string[]
}

/** However often it is used, a session ends so long after its password was given, in milliseconds. */
export const LIFE_MS = 7 * 86_400_000
/** What was ended elsewhere is refused after this. */
const FRESH_MS = 5_000
/** A database that hangs holds up nobody for longer whose standing was known before. */
const PATIENCE_MS = 500
/** If that was not too long ago. */
const STALE_MS = 60_000

interface Entry {
  standing: Standing | null
  at: number
}

const cache = () =>
  singleton('access.sessions', () => ({
    known: new Map<string, Entry>(),
    asked: new Map<string, Promise<Standing | null | undefined>>(),
    /** Ended by this process, whatever the database has of it yet, and when. */
    endedHere: new Map<string, number>(),
  }))

/**
 * Who a session is of, with the role that they have now; null when it has ended: signed out, here or everywhere, by a new
 * password, with its account, or by its age. Where neither the database nor the access record can say, the cookie's word
 * holds: the console has to open.
 */
export async function standingOf(claims: Claims): Promise<Account | null> {
  const { id, email, role, authenticatedAt, sessionId, sessionVersion } = claims
  if (authenticatedAt < Date.now() - LIFE_MS || hasEnded(claims) || cache().endedHere.has(sessionId))
    return null
  // Break-glass is no account of the database.
  const standing = id === BREAK_GLASS ? undefined : await look(id)
  if (standing === undefined) return { id, email, role, authenticatedAt }
  if (!standing || standing.sessionVersion !== sessionVersion || standing.ended.includes(sessionId))
    return null
  return { id, email, role: standing.role, authenticatedAt }
}

/** To be called when sessions of an account end. @param sessionId where it is only one */
export function forgetStanding(userId: string, sessionId?: string): void {
  const { known, asked, endedHere } = cache()
  known.delete(userId)
  // What was asked before may not know of it.
  asked.delete(userId)
  if (!sessionId) return
  for (const [id, at] of endedHere) if (at < Date.now() - LIFE_MS) endedHere.delete(id)
  endedHere.set(sessionId, Date.now())
}

/** What holds of an account; undefined where nobody can say. */
async function look(id: string): Promise<Standing | null | undefined> {
  const entry = cache().known.get(id)
  const age = entry ? Date.now() - entry.at : Number.POSITIVE_INFINITY
  if (entry && age < FRESH_MS) return entry.standing
  const asking = ask(id)
  if (!entry || age > STALE_MS) return asking
  const told = await inTime(PATIENCE_MS, async () => ({ standing: await asking }))
  return told ? told.standing : entry.standing
}

/** Those who ask at the same time share one question. */
function ask(id: string): Promise<Standing | null | undefined> {
  const { known, asked } = cache()
  const under = asked.get(id)
  if (under) return under
  const asking = find(id).then((standing) => {
    if (standing !== undefined && asked.get(id) === asking) known.set(id, { standing, at: Date.now() })
    return standing
  })
  const done = () => {
    if (asked.get(id) === asking) asked.delete(id)
  }
  asking.then(done, done)
  asked.set(id, asking)
  return asking
}

async function find(id: string): Promise<Standing | null | undefined> {
  try {
    return await askOrRecall<Standing | null>(
      async (db) => (await findStanding(db, id)) ?? null,
      ({ users, endedSessions }) => {
        const user = users.find((one) => one.id === id)
        return user ? { role: user.role, sessionVersion: user.sessionVersion, ended: endedSessions } : null
      },
    )
  } catch (error) {
    if (isUnavailable(error)) return undefined
    throw error
  }
}
