import { atHost, type Connection, connect, type Db } from '@/db/connect'
import { env, type MemberAddress } from '@/lib/env'
import { within } from '@/lib/in-time'
import { singleton } from '@/lib/singleton'

/** A member's PostgreSQL that does not answer within this counts as lost, in milliseconds. */
const ANSWER_MS = 1_500
/** And a connection on which none came within this, in milliseconds, is no use to those who ask next. */
const GIVEN_UP_MS = 6_000

const sessions = () => singleton('recovery.members', () => new Map<string, Connection>())

/**
 * Asks a member's own PostgreSQL, whoever leads. The first answer over a new connection takes longest: one that is late
 * is waited for a while, so that who asks next is not the first again.
 *
 * @throws Error when it does not answer in time
 */
export async function askMember<Answer>(
  { name, host, port }: MemberAddress,
  ask: (db: Db) => Promise<Answer>,
  timeoutMs = ANSWER_MS,
): Promise<Answer> {
  const open = sessions()
  const connection =
    open.get(name) ??
    connect(atHost(env().DATABASE_URL, `${host}:${port}`), {
      name: 'holdfast recovery',
      max: 1,
      arrays: false,
    })
  open.set(name, connection)
  const answer = ask(connection.db)
  within(Math.max(timeoutMs, GIVEN_UP_MS), () => answer).catch(() => {
    if (open.get(name) === connection) open.delete(name)
    connection.sql.end({ timeout: 0 }).catch(() => {})
  })
  return within(timeoutMs, () => answer)
}
