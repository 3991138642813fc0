import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { addFacts, markVisits } from './add-facts'
import { noteFacts } from './note-facts'

/**
 * Keeps in mind the runs of a project that the rollups hold from before a time and that go on after it, before the
 * records on its earlier side are deleted: they begin anew on its later side.
 *
 * @param upTo the rollups hold the records of transactions before this one: a run of which they hold nothing from before
 *   the time is counted on its later side already
 * @returns what adds the facts of what is left of them to the rollups, after the deletion
 */
export async function noteCutRuns(tx: Db, projectId: string, before: string, upTo: string) {
  const cut = (table: string, name: string) => sql`
    select distinct project_id, ${sql.raw(name)} as name, user_id, run_id from ${sql.identifier(table)} r
    where project_id = ${projectId} and occurred_at < ${before}::timestamptz and transaction_id < ${upTo}::xid8
      and exists (
      select from ${sql.identifier(table)} l
      where l.project_id = r.project_id and l.user_id = r.user_id and l.run_id = r.run_id
        and l.${sql.identifier(name)} = r.${sql.identifier(name)} and l.occurred_at >= ${before}::timestamptz)`
  await tx.execute(sql`create temp table cut_funnels as ${cut('conversion_funnels', 'funnel')}`)
  await tx.execute(sql`create temp table cut_journeys as ${cut('user_journeys', 'journey')}`)
  return {
    addAgain: async (): Promise<void> => {
      const runs = { funnels: sql`select * from cut_funnels`, journeys: sql`select * from cut_journeys` }
      if (await noteFacts(tx, runs, { heldBefore: '0', upTo })) {
        await addFacts(tx)
        await markVisits(tx, upTo)
      }
      await tx.execute(sql`drop table cut_funnels, cut_journeys, noted`)
    },
  }
}
