import { findStanding } from '@/db/queries/access/sessions'
import { BREAK_GLASS, hasEnded } from '@/lib/access/accounts'
import type { Account, Role } from '@/lib/access/caller'
import { askOrRecall } from '@/lib/access/record/recall'
import { Problem } from '@/lib/http/problem'
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

interface Entry {
  standing: Standing | null
  until: number
}

const cache = () =>
  singleton('access.sessions', () => ({
    known: new Map<string, Entry>(),
    asked: new Map<string, Promise<Standing | null>>(),
    /** Ended by this process, whatever the database has of it yet. */
    endedHere: new Set<string>(),
  }))

/**
 * Who a session is of, with the role that they have now; null when it has ended: signed out, here or everywhere, by a new
 * password, with its account, or by its age. Where neither the database nor the access record can say, the cookie's word
 * holds: the console has to open.
 */
export async function standingOf(claims: Claims): Promise<Account | null> {
  const { id, email, authenticatedAt, sessionId, sessionVersion } = claims
  if (authenticatedAt < Date.now() - LIFE_MS || hasEnded(claims) || cache().endedHere.has(sessionId))
    return null
  // It is no account of the database.
  if (id === BREAK_GLASS) return { id, email, role: claims.role, authenticatedAt }
  const standing = await look(claims)
  if (!standing || standing.sessionVersion !== sessionVersion || standing.ended.includes(sessionId))
    return null
  return { id, email, role: standing.role, authenticatedAt }
}

/** To be called when sessions of an account end. @param sessionId where it is only one */
export function forgetStanding(userId: string, sessionId?: string): void {
  cache().known.delete(userId)
  if (sessionId) cache().endedHere.add(sessionId)
}

async function look(claims: Claims): Promise<Standing | null> {
  const { known } = cache()
  const entry = known.get(claims.id)
  if (entry && entry.until > Date.now()) return entry.standing
  const asking = ask(claims)
  if (!entry) return asking
  const standing = await inTime(PATIENCE_MS, () => asking.then((value) => [value] as const))
  return standing ? standing[0] : entry.standing
}

/** Those who ask at the same time share one question. */
function ask(claims: Claims): Promise<Standing | null> {
  const { known, asked } = cache()
  const under = asked.get(claims.id)
  if (under) return under
  const asking = find(claims)
    .then((standing) => {
      known.set(claims.id, { standing, until: Date.now() + FRESH_MS })
      return standing
    })
    .finally(() => asked.delete(claims.id))
  asked.set(claims.id, asking)
  return asking
}

async function find({ id, role, sessionVersion }: Claims): Promise<Standing | null> {
  try {
    return await askOrRecall<Standing | null>(
      async (db) => (await findStanding(db, id)) ?? null,
      ({ users, endedSessions }) => {
        const user = users.find((one) => one.id === id)
        return user ? { role: user.role, sessionVersion: user.sessionVersion, ended: endedSessions } : null
      },
    )
  } catch (error) {
    if (error instanceof Problem && error.status === 503) return { role, sessionVersion, ended: [] }
    throw error
  }
}
