import { type SQL, sql } from 'drizzle-orm'
import { arrayLiteral } from '@/db/array-literal'
import type { Db } from '@/db/connect'
import { CHUNK_BITS } from '@/db/schema'
import { addBits } from './add-bits'
import { addCounts } from './add-counts'
import { addMoments, takeMoments } from './add-moments'
import { addVisitors, bitsOf } from './add-visitors'
import { gatherArrivals } from './arrivals'
import { placeArrivals } from './dictionaries'
import { forgetClasses } from './forget-classes'
import { addFacts, markVisits } from './runs/add-facts'
import { noteFacts, runsWhere } from './runs/note-facts'

const size = sql.raw(String(CHUNK_BITS))
/** The clocks go back by three hours at the most. What of the day after is found with a day does no harm. */
const LONGEST_DAY = '27 hours'

export interface Revision {
  projectId: string
  /** Whose records change, and whose they become. */
  users: string[]
  /** Records go: their sessions may end with them. */
  deletes: boolean
}

/**
 * Changes or deletes records of users, in a transaction, and the rollups with them: what these users' records count for
 * is taken out, the work is done, and what is left is added again. Records of others in the same sessions are taken out
 * and added with them. The rollups stay where they are meanwhile.
 */
export async function reviseRollups<Result>(
  tx: Db,
  revision: Revision,
  work: () => Promise<Result>,
): Promise<Result> {
  const { projectId, users } = revision
  const [progress] = await tx.execute<{ upTo: string }>(
    sql`select next_transaction::text as "upTo" from rollup_progress for update`,
  )
  const sessions = revision.deletes ? await listSessions(tx, revision) : []
  const theirs = sql`user_id = any(${arrayLiteral(users)}::text[])`
  const only = [
    theirs,
    ...(sessions.length > 0 ? [sql`not ${theirs} and ${await inSessions(tx, projectId, sessions)}`] : []),
  ]
  const upTo = progress?.upTo ?? '0'
  const arrived = { from: '0', upTo, projectId, only }
  const runs = runsWhere(sql`project_id = ${projectId} and ${theirs}`)
  await gatherArrivals(tx, arrived)
  await placeArrivals(tx)
  await addCounts(tx, -1)
  await takeMoments(tx)
  if (await noteFacts(tx, runs, { heldBefore: upTo, upTo: '0' })) await addFacts(tx)
  await forget(tx, projectId, 'user', users)
  await forget(tx, projectId, 'session', sessions)
  await tx.execute(sql`drop table arrived, placed, noted`)
  const result = await work()
  await gatherArrivals(tx, arrived)
  await placeArrivals(tx)
  await addVisitors(tx)
  await addCounts(tx)
  await addBits(tx)
  await addMoments(tx)
  if (await noteFacts(tx, runs, { heldBefore: '0', upTo })) {
    await addFacts(tx)
    await markVisits(tx, upTo)
  }
  await tx.execute(sql`drop table arrived, placed, newcomers, seen, noted`)
  if (revision.deletes) await forgetClasses(tx, projectId)
  return result
}

/** The sessions that records of these users are of. */
async function listSessions(tx: Db, { projectId, users }: Revision): Promise<string[]> {
  const rows = await tx.execute<{ id: string }>(sql`
    select distinct session_id as id from user_events
    where project_id = ${projectId} and user_id = any(${arrayLiteral(users)}::text[]) and session_id is not null`)
  return rows.map(({ id }) => id)
}

/** The condition that selects the records of sessions, by the days that the bitmaps know them on: there is no index. */
async function inSessions(tx: Db, projectId: string, sessions: string[]): Promise<SQL> {
  const days = await tx.execute<{ from: string; to: string }>(sql`
    select distinct b.at::text as from, (b.at + ${LONGEST_DAY}::interval)::text as to
    from rollup_visitors v
    join rollup_classes k on k.project_id = v.project_id and k.source = 'event' and k.name = ''
    join rollup_bits b on b.project_id = v.project_id and b.subject = 'session' and b.grain = 'day'
      and b.class_id = k.id and b.plane = v.plane and b.chunk = v.ordinal / ${size}
      and get_bit(b.bits, v.ordinal % ${size}) = 1
    where v.project_id = ${projectId} and v.subject = 'session' and v.key = any(${arrayLiteral(sessions)}::text[])`)
  const spans = days.map(
    ({ from, to }) => sql`(occurred_at >= ${from}::timestamptz and occurred_at < ${to}::timestamptz)`,
  )
  const within = spans.length > 0 ? sql.join(spans, sql` or `) : sql`false`
  return sql`session_id = any(${arrayLiteral(sessions)}::text[]) and (${within})`
}

/**
 * Takes the bits of users or sessions, all of whose records are in `placed` and all of whose facts are in `noted`, out of
 * the bitmaps, and their numbers away.
 */
async function forget(tx: Db, projectId: string, subject: 'user' | 'session', keys: string[]): Promise<void> {
  if (keys.length === 0) return
  const known = sql`
    from rollup_visitors where project_id = ${projectId} and subject = ${subject}::rollup_subject
      and key = any(${arrayLiteral(keys)}::text[])`
  const mask = sql`
    mask as materialized (
      select ordinal / ${size} as chunk, ${bitsOf(sql`ordinal`)} as bits ${known}
      group by 1)`
  const without = sql`set bits = r.bits & ~m.bits`
  const theirs = sql`r.project_id = ${projectId} and r.subject = ${subject}::rollup_subject and r.chunk = m.chunk`
  await tx.execute(sql`
    with ${mask}, cells as materialized (
      select distinct grain, at, seen.class_id from placed
      cross join lateral (values ('day'::rollup_grain, day), ('half_week', half_week), ('week', week)) span (grain, at)
      cross join lateral (values (class_id), (total_id), (any_id), (part_id)) seen (class_id)
      union
      select 'hour', hour, total_id from placed
      union
      select 'day', day, class_id from noted
    )
    update rollup_bits r ${without} from mask m, cells c
    where ${theirs} and r.grain = c.grain and r.at = c.at and r.class_id = c.class_id`)
  await tx.execute(sql`with ${mask} update rollup_agent_bits r ${without} from mask m where ${theirs}`)
  await tx.execute(sql`delete ${known}`)
}
