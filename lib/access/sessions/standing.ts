import { findStanding } from '@/db/queries/access/sessions'
import type { Account, Membership, Role } from '@/lib/access/caller'
import { askOrRecall, isUnavailable } from '@/lib/access/record/recall'
import { Remembered } from '@/lib/access/remembered'
import { BREAK_GLASS, hasEnded } from '@/lib/access/sign-in'
import { singleton } from '@/lib/singleton'

/** A session as its cookie tells it. */
export interface Claims extends Omit<Account, 'memberships'> {
  sessionId: string
  sessionVersion: number
}

/** What holds of an account now; null for one that is gone. */
interface Standing {
  role: Role
  memberships: Membership[]
  sessionVersion: number
  ended: string[]
}

/** However often it is used, a session ends so long after its password was given, in milliseconds. */
export const LIFE_MS = 7 * 86_400_000
/** What was ended elsewhere is refused after 5 s. */
const standings = () => singleton('access.standings', () => new Remembered<Standing | null>(find))
/** Sessions that this process has ended, whatever the database has of it yet, and when. */
const endedHere = () => singleton('access.ended', () => new Map<string, number>())

/**
 * Who a session is of, with the role that they have now; null when it has ended: signed out, here or everywhere, by a new
 * password, with its account, or by its age. Where neither the database nor the access record can say, the cookie's word
 * holds, of all but the projects: the console has to open.
 */
export async function standingOf(claims: Claims): Promise<Account | null> {
  const { id, email, role, authenticatedAt, sessionId, sessionVersion } = claims
  if (authenticatedAt < Date.now() - LIFE_MS || hasEnded(claims) || endedHere().has(sessionId)) return null
  // Break-glass is no account of the database.
  const standing = id === BREAK_GLASS ? undefined : await look(id)
  if (standing === undefined) return { id, email, role, authenticatedAt, memberships: [] }
  if (!standing || standing.sessionVersion !== sessionVersion || standing.ended.includes(sessionId))
    return null
  return { id, email, role: standing.role, authenticatedAt, memberships: standing.memberships }
}

/** To be called when an account changes, or sessions of it end. @param sessionId where it is only one */
export function forgetStanding(userId: string, sessionId?: string): void {
  standings().forget(userId)
  if (!sessionId) return
  const ended = endedHere()
  for (const [id, at] of ended) if (at < Date.now() - LIFE_MS) ended.delete(id)
  ended.set(sessionId, Date.now())
}

/** What holds of an account; undefined where nobody can say. */
async function look(id: string): Promise<Standing | null | undefined> {
  try {
    return await standings().get(id)
  } catch (error) {
    if (isUnavailable(error)) return undefined
    throw error
  }
}

const find = (id: string): Promise<Standing | null> =>
  askOrRecall<Standing | null>(
    async (db) => (await findStanding(db, id)) ?? null,
    ({ users, endedSessions }) => {
      const user = users.find((one) => one.id === id)
      return user ? { ...user, ended: endedSessions } : null
    },
  )
