import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { addBits } from './add-bits'
import { addCounts } from './add-counts'
import { addMoments } from './add-moments'
import { addVisitors } from './add-visitors'
import { type Arrived, gatherArrivals } from './arrivals'
import { placeArrivals } from './dictionaries'
import { addFacts, markVisits } from './runs/add-facts'
import { noteFacts, runsWhere } from './runs/note-facts'
import { addProjects, keepTimezone, listMoved } from './zones'

/**
 * Adds to the rollups every record that is not in them and whose transaction, like all before it, is over. Safe to call
 * from several processes at once: one does it, the others pass,
 * or wait for their turn.
 *
 * A record is known by its transaction. Transactions commit in another order than they begin, so the mark moves only up
 * to the oldest that still runs (`pg_snapshot_xmin`): nothing can appear below it any more.
 *
 * @returns whether there was anything to add
 */
export async function advanceRollups(db: Db, busy: 'pass' | 'wait' = 'pass'): Promise<boolean> {
  return db.transaction(async (tx) => {
    const [mark] = await tx.execute<{ from: string; upTo: string }>(sql`
      select next_transaction::text as from, pg_snapshot_xmin(pg_current_snapshot())::text as "upTo"
      from rollup_progress for update ${busy === 'pass' ? sql`skip locked` : sql``}`)
    if (!mark) return false
    await addProjects(tx)
    const moved = await moveTimezones(tx, mark.from)
    if (!(await hasArrived(tx, mark))) return moved
    // Rollups can be made anew, so their commit need not wait for a disk or a standby; the mark goes with them.
    await tx.execute(sql`set local synchronous_commit = off`)
    await addAll(tx, mark)
    await tx.execute(
      sql`update rollup_progress set next_transaction = ${mark.upTo}::xid8, advanced_at = now()`,
    )
    return true
  })
}

/** Forgets the rollups, of one project or of all; what they hold is added anew by `advanceRollups`. */
export async function forgetRollups(db: Db): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.execute(sql`select from rollup_progress for update`)
    await tx.execute(sql`truncate rollup_bits, rollup_agent_bits, rollup_counts, rollup_durations, rollup_moments,
      rollup_visitors, rollup_agents, rollup_classes, rollup_projects`)
    await tx.execute(sql`update rollup_progress set next_transaction = '0'`)
  })
}

async function addAll(tx: Db, arrived: Arrived): Promise<void> {
  // One batch may be a few records or, the first time, all there are.
  await tx.execute(sql`set local work_mem = '128MB'`)
  await tx.execute(sql`set local jit = off`)
  await gatherArrivals(tx, arrived)
  await placeArrivals(tx)
  await addVisitors(tx)
  await addCounts(tx)
  await addBits(tx)
  await addMoments(tx)
  const { from, upTo, projectId } = arrived
  const runs = runsWhere(sql`transaction_id >= ${from}::xid8 and transaction_id < ${upTo}::xid8
    ${projectId ? sql`and project_id = ${projectId}` : sql``}`)
  if (await noteFacts(tx, runs, { heldBefore: from, upTo })) {
    await addFacts(tx)
    await markVisits(tx, upTo)
  }
  // Not left to the commit: the turn of a project with a new timezone may follow in this transaction.
  await tx.execute(sql`drop table arrived, placed, newcomers, seen, noted`)
}

/** Days are the project's own: when its timezone has changed, its rollups are made anew. */
async function moveTimezones(tx: Db, next: string): Promise<boolean> {
  const moved = await listMoved(tx)
  for (const project of moved) {
    const { id } = project
    await keepTimezone(tx, project)
    for (const table of ['rollup_counts', 'rollup_bits', 'rollup_durations', 'rollup_moments']) {
      await tx.execute(sql`delete from ${sql.identifier(table)} where project_id = ${id}`)
    }
    await addAll(tx, { from: '0', upTo: next, projectId: id })
  }
  return moved.length > 0
}

async function hasArrived(tx: Db, { from, upTo }: Arrived): Promise<boolean> {
  const arrived = (table: string) =>
    sql`exists (select from ${sql.identifier(table)}
      where transaction_id >= ${from}::xid8 and transaction_id < ${upTo}::xid8)`
  const [row] = await tx.execute<{ arrived: boolean }>(sql`select ${arrived('user_events')}
    or ${arrived('feature_usage')} or ${arrived('conversion_funnels')} or ${arrived('user_journeys')}
    or ${arrived('user_satisfaction')} as arrived`)
  return row?.arrived ?? false
}
