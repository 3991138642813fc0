import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { addDurations } from './add-durations'

/** The cells that a record of `placed` is counted in. */
const cells = sql`(
  select grain, at, kinds.class_id
  from (values ('day'::rollup_grain, day), ('half_week', half_week), ('week', week)) span (grain, at)
  cross join (values (class_id), (total_id), (part_id), (error_id)) kinds (class_id)
  union all
  select 'hour', hour, case source when 'event' then total_id end
) cell`

/**
 * Counts the records of `placed` by day, week and half a week, class and agent, and the total of events by hour too, and adds the
 * durations of features to their lists; with -1 they are taken out again.
 */
export async function addCounts(tx: Db, sign: 1 | -1 = 1): Promise<void> {
  await tx.execute(sql`
    with counted as (
      select project_id, source, hour, day, half_week, week, agent_id, class_id, total_id, part_id, error_id,
        count(*) as records, coalesce(sum(duration_ms), 0) as duration_ms, count(duration_ms) as durations,
        count(*) filter (where success) as successes, count(*) filter (where not success) as failures
      from placed group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    )
    insert into rollup_counts as r
      (project_id, grain, at, class_id, agent_id, records, duration_ms, durations, successes, failures)
    select project_id, cell.grain, cell.at, cell.class_id, agent_id,
      ${sign} * sum(records), ${sign} * sum(duration_ms), ${sign} * sum(durations), ${sign} * sum(successes),
      ${sign} * sum(failures)
    from counted
    cross join lateral ${cells}
    where cell.class_id is not null
    group by 1, 2, 3, 4, 5
    on conflict (project_id, grain, class_id, at, agent_id) do update set
      records = r.records + excluded.records, duration_ms = r.duration_ms + excluded.duration_ms,
      durations = r.durations + excluded.durations, successes = r.successes + excluded.successes,
      failures = r.failures + excluded.failures`)
  if (sign === -1) await deleteEmpty(tx)
  await addDurations(
    tx,
    sql`select project_id, counted.class_id, day as at, agent_id, duration_ms::bigint as ms, ${sign}::int as sign
      from placed cross join lateral (values (class_id), (part_id)) counted (class_id)
      where source = 'feature' and duration_ms is not null`,
  )
}

/** Only the cells that were counted down are looked at: a join of two users is no reason to read the whole table. */
async function deleteEmpty(tx: Db): Promise<void> {
  await tx.execute(sql`
    with touched as materialized (
      select distinct project_id, cell.grain, cell.at, cell.class_id, agent_id
      from placed cross join lateral ${cells} where cell.class_id is not null
    )
    delete from rollup_counts r using touched t
    where r.project_id = t.project_id and r.grain = t.grain and r.class_id = t.class_id and r.at = t.at
      and r.agent_id = t.agent_id and r.records = 0`)
}
