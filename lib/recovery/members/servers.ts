import type { Db } from '@/db/connect'
import { readMemberFacts } from '@/db/queries/recovery/member-facts'
import { followLeader, leader } from '@/lib/database'
import { env } from '@/lib/env'
import { within } from '@/lib/in-time'
import { askMember } from '@/lib/recovery/members/session'

/** A leader that gives no answer within this counts as lost, in milliseconds. */
const ANSWER_MS = 3_000

/** A PostgreSQL that can be asked, for a while: what is late fails. */
export interface Server {
  name: string
  ask<Answer>(question: (db: Db) => Promise<Answer>): Promise<Answer>
}

/** Every member, or, where no engine names any, the one that DATABASE_URL leads to. */
export function listServers(): Server[] {
  const members = env().HOLDFAST_MEMBERS
  if (members.length === 0)
    return [{ name: 'leader', ask: (question) => within(ANSWER_MS, () => question(leader())) }]
  return members.map((member) => ({
    name: member.name,
    ask: (question) => askMember(member, question),
  }))
}

/** The server that takes writes; null if none answers. */
export async function findWriter(): Promise<Server | null> {
  // Which of several servers of an address leads nobody may have asked yet.
  if (env().HOLDFAST_MEMBERS.length === 0) await followLeader()
  const asked = await Promise.all(
    listServers().map(async (server) => {
      const facts = await server.ask(readMemberFacts).catch(() => null)
      return facts?.writable ? server : null
    }),
  )
  return asked.find((server) => server !== null) ?? null
}
