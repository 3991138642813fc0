import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'

/**
 * Gives the classes and agents of `arrived` a number, where they have none, and puts the records with their numbers into
 * a temporary table, `placed`.
 */
export async function placeArrivals(tx: Db): Promise<void> {
  const classes = await tx.execute(sql`
    insert into rollup_classes (project_id, source, name, type, category)
    select distinct c.* from (
      select distinct project_id, source, name, type, category, part_source, part, error from arrived
    ) a cross join lateral (values
      (project_id, source, name, type, category),
      (project_id, source, '', '', ''),
      (project_id, 'any'::rollup_source, '', '', ''),
      (project_id, part_source, part, '', ''),
      (project_id, case when error is not null then 'feature_error'::rollup_source end, name, type, error)
    ) c (project_id, source, name, type, category)
    where c.source is not null
    except select project_id, source, name, type, category from rollup_classes`)
  const agents = await tx.execute(sql`
    insert into rollup_agents (project_id, device, browser, os)
    select distinct project_id, device, browser, os from arrived
    except select project_id, device, browser, os from rollup_agents`)
  // Planned as if they were empty, the joins below would take minutes the first time.
  if (classes.count + agents.count > 0) await tx.execute(sql`analyze rollup_classes, rollup_agents`)
  // In the order written: each join finds one row, and weighing all orders took longer than joining what a second brings.
  await tx.execute(sql`set local join_collapse_limit = 1`)
  await tx.execute(sql`
    create temp table placed as
    select a.project_id, a.hour, a.day, a.week, a.source, n.id as agent_id, own.id as class_id, total.id as total_id,
      every.id as any_id, part.id as part_id, error.id as error_id, a.user_id, a.session_id, a.occurred_at, a.duration_ms, a.success
    from arrived a
    join rollup_agents n using (project_id, device, browser, os)
    join rollup_classes own using (project_id, source, name, type, category)
    join rollup_classes total on total.project_id = a.project_id and total.source = a.source
      and total.name = '' and total.type = '' and total.category = ''
    join rollup_classes every on every.project_id = a.project_id and every.source = 'any'
    left join rollup_classes part on part.project_id = a.project_id and part.source = a.part_source
      and part.name = a.part and part.type = '' and part.category = ''
    left join rollup_classes error on error.project_id = a.project_id and error.source = 'feature_error'
      and error.name = a.name and error.type = a.type and error.category = a.error`)
  await tx.execute(sql`set local join_collapse_limit = default`)
  await tx.execute(sql`analyze placed`)
}
