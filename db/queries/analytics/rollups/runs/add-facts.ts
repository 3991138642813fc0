import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { addDurations } from '@/db/queries/analytics/rollups/add-durations'
import { bitsOf, chunkOf } from '@/db/queries/analytics/rollups/add-visitors'
import { rolledStart } from '@/db/queries/analytics/rollups/zones'
import { journeyFacts } from './journey-facts'

/** Counts the facts of `noted`, by day, and those that have one by their duration. */
export async function addFacts(tx: Db): Promise<void> {
  await tx.execute(sql`
    insert into rollup_counts as r
      (project_id, grain, at, class_id, agent_id, records, duration_ms, durations, successes, failures)
    select project_id, 'day', day, class_id, agent_id, sum(sign), 0, 0, 0, 0 from noted group by 1, 3, 4, 5
    on conflict (project_id, grain, class_id, at, agent_id) do update set records = r.records + excluded.records`)
  await tx.execute(sql`
    delete from rollup_counts r using (select distinct project_id, class_id, day, agent_id from noted where sign < 0) n
    where r.project_id = n.project_id and r.grain = 'day' and r.class_id = n.class_id and r.at = n.day
      and r.agent_id = n.agent_id and r.records = 0`)
  await addDurations(
    tx,
    sql`select project_id, class_id, day as at, agent_id, ms, sign from noted where ms is not null`,
  )
}

/** Sets the bits of those who visited steps of `noted`, and clears those of whom no such visit is left. */
export async function markVisits(tx: Db, upTo: string): Promise<void> {
  await tx.execute(sql`
    create temp table visited as
    select n.project_id, n.class_id, n.day, n.user_id, v.agent_id, v.plane, v.ordinal, n.change
    from (
      select project_id, class_id, agent_id, day, user_id, sum(sign) as change from noted
      where source = 'journey_visit' group by 1, 2, 3, 4, 5 having sum(sign) <> 0
    ) n
    join rollup_visitors v on v.project_id = n.project_id and v.subject = 'user' and v.key = n.user_id
      and v.agent_id = n.agent_id`)
  await tx.execute(sql`
    insert into rollup_bits as r (project_id, subject, grain, at, class_id, plane, chunk, bits)
    select project_id, 'user', 'day', day, class_id, level.plane, ${chunkOf(sql`ordinal`)}, ${bitsOf(sql`ordinal`)}
    from visited cross join lateral (values (visited.plane), (0)) level (plane)
    where change > 0 group by 1, 4, 5, 6, 7
    on conflict (project_id, subject, grain, class_id, at, plane, chunk) do update
      set bits = r.bits | excluded.bits where r.bits <> r.bits | excluded.bits`)
  await clearVisits(tx, upTo)
  await tx.execute(sql`drop table visited`)
}

/** A visit is taken back where a late record changes a run's start or its path. Another run may have the same visit. */
async function clearVisits(tx: Db, upTo: string): Promise<void> {
  const [lost] = await tx.execute(sql`select from visited where change < 0 limit 1`)
  if (!lost) return
  const visits = journeyFacts({
    runs: sql`
      select distinct j.project_id, j.journey as name, j.user_id, j.run_id, false as rest
      from user_journeys j join visited v using (project_id, user_id) where v.change < 0`,
    heldBefore: '0',
    upTo,
  })
  await tx.execute(sql`
    create temp table kept as
    select distinct f.project_id, c.id as class_id, a.id as agent_id, ${rolledStart('day', sql`started`)} as day, user_id
    from (${visits}) f
    join rollup_projects p using (project_id)
    join rollup_agents a using (project_id, device, browser, os)
    join rollup_classes c using (project_id, source, name, type, category)
    where f.source = 'journey_visit'`)
  // Plane 0 holds all planes together: it loses a bit with the last of them.
  const ofAgent = sql`and k.agent_id = v.agent_id`
  await clearBits(tx, sql`v.plane`, ofAgent)
  await clearBits(tx, sql`0::smallint`, sql``)
  await tx.execute(sql`drop table kept`)
}

async function clearBits(tx: Db, plane: SQL, sameVisit: SQL): Promise<void> {
  await tx.execute(sql`
    update rollup_bits r set bits = r.bits & ~g.bits
    from (
      select project_id, class_id, day, ${plane} as plane, ${chunkOf(sql`ordinal`)} as chunk,
        ${bitsOf(sql`ordinal`)} as bits
      from visited v where change < 0 and not exists (
        select from kept k where k.project_id = v.project_id and k.class_id = v.class_id and k.day = v.day
          and k.user_id = v.user_id ${sameVisit})
      group by 1, 2, 3, 4, 5
    ) g
    where r.project_id = g.project_id and r.subject = 'user' and r.grain = 'day' and r.class_id = g.class_id
      and r.at = g.day and r.plane = g.plane and r.chunk = g.chunk`)
}
