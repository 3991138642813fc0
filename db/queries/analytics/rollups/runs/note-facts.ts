import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { unionAll } from '@/db/queries/analytics/rollups/segments'
import { rolledStart } from '@/db/queries/analytics/rollups/zones'
import { funnelFacts } from './funnel-facts'
import { journeyFacts } from './journey-facts'

/** Queries for the runs to look at: `project_id, name, user_id, run_id`, of funnels and of journeys. */
export interface Runs {
  funnels: SQL
  journeys: SQL
}

/** By which records, as transactions: what the rollups held ended before the one, what they will hold before the other. */
interface Held {
  heldBefore: string
  upTo: string
}

/** The runs that have a record which meets a condition. */
export function runsWhere(condition: SQL): Runs {
  const runs = (table: string, name: string) => sql`
    select distinct project_id, ${sql.raw(name)} as name, user_id, run_id from ${sql.identifier(table)} where ${condition}`
  return { funnels: runs('conversion_funnels', 'funnel'), journeys: runs('user_journeys', 'journey') }
}

/**
 * Puts what changes in the facts about runs into a temporary table, `noted`: with `sign` 1 what the runs count for by
 * their records before a transaction, with -1 what they counted for by those that the rollups held. Facts that stay the
 * same are not in it.
 *
 * @returns whether there were any such runs
 */
export async function noteFacts(tx: Db, { funnels, journeys }: Runs, held: Held): Promise<boolean> {
  await tx.execute(sql`
    create temp table noted (project_id uuid, source rollup_source, class_id int, agent_id int, day timestamptz,
      user_id text, ms bigint, sign int)`)
  await tx.execute(sql`create temp table touched_funnels as ${funnels}`)
  await tx.execute(sql`create temp table touched_journeys as ${journeys}`)
  const [touched] = await tx.execute(
    sql`select from touched_funnels union all select from touched_journeys limit 1`,
  )
  if (touched) await noteTouched(tx, held)
  await tx.execute(sql`drop table touched_funnels, touched_journeys`)
  return touched !== undefined
}

async function noteTouched(tx: Db, { heldBefore, upTo }: Held): Promise<void> {
  await tx.execute(sql`analyze touched_funnels, touched_journeys`)
  const facts = [
    funnelFacts({ runs: sql`select *, false as rest from touched_funnels`, heldBefore, upTo }),
    journeyFacts({ runs: sql`select *, false as rest from touched_journeys`, heldBefore, upTo }),
  ]
  // Nobody knows how many facts there will be, and a loop that was planned for a few takes hours with many.
  await tx.execute(sql`set local enable_nestloop = off`)
  await tx.execute(sql`
    create temp table facts as
    select project_id, source, name, type, category, ${rolledStart('day', sql`started`)} as day, device, browser, os,
      user_id, ms, sum(sign)::int as sign
    from (${unionAll(facts.map((query) => sql`select * from (${query}) f`))}) f
    join rollup_projects p using (project_id)
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 having sum(sign) <> 0`)
  await tx.execute(sql`set local enable_nestloop = on`)
  await tx.execute(sql`analyze facts`)
  const classes = await tx.execute(sql`
    insert into rollup_classes (project_id, source, name, type, category)
    select distinct project_id, source, name, type, category from facts
    except select project_id, source, name, type, category from rollup_classes`)
  if (classes.count > 0) await tx.execute(sql`analyze rollup_classes`)
  await tx.execute(sql`
    insert into noted
    select f.project_id, f.source, c.id as class_id, a.id as agent_id, f.day, f.user_id, f.ms, f.sign
    from facts f
    join rollup_agents a using (project_id, device, browser, os)
    join rollup_classes c using (project_id, source, name, type, category)`)
  await tx.execute(sql`analyze noted`)
  await tx.execute(sql`drop table facts`)
}
