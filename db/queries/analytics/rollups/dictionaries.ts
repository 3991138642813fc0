import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'

/** What records have in common with many others, none of it null: looked up once for all of them. */
const kind = sql`project_id, source, name, type, category, part, error, device, browser, os`

/**
 * Gives the classes and agents of `arrived` a number, where they have none, and puts the records with their numbers into
 * a temporary table, `placed`.
 */
export async function placeArrivals(tx: Db): Promise<void> {
  await tx.execute(sql`
    create temp table kinds as
    select ${kind}, case source when 'event' then 'page'::rollup_source when 'feature' then 'feature_name' end as part_source
    from arrived group by ${kind}`)
  const classes = await tx.execute(sql`
    insert into rollup_classes (project_id, source, name, type, category)
    select distinct c.* from kinds cross join lateral (values
      (project_id, source, name, type, category),
      (project_id, source, '', '', ''),
      (project_id, 'any'::rollup_source, '', '', ''),
      (project_id, part_source, part, '', ''),
      (project_id, case when error <> '' then 'feature_error'::rollup_source end, name, type, error)
    ) c (project_id, source, name, type, category)
    where c.source is not null
    except select project_id, source, name, type, category from rollup_classes`)
  const agents = await tx.execute(sql`
    insert into rollup_agents (project_id, device, browser, os)
    select distinct project_id, device, browser, os from kinds
    except select project_id, device, browser, os from rollup_agents`)
  // Planned as if they were empty, the joins below would take minutes the first time.
  if (classes.count + agents.count > 0) await tx.execute(sql`analyze rollup_classes, rollup_agents`)
  await tx.execute(sql`analyze kinds`)
  // In the order written: each join finds one row, and weighing all orders took longer than joining what a second brings.
  await tx.execute(sql`set local join_collapse_limit = 1`)
  await tx.execute(sql`
    create temp table known as
    select k.*, n.id as agent_id, own.id as class_id, total.id as total_id, every.id as any_id, part.id as part_id,
      error.id as error_id
    from kinds k
    join rollup_agents n using (project_id, device, browser, os)
    join rollup_classes own using (project_id, source, name, type, category)
    join rollup_classes total on total.project_id = k.project_id and total.source = k.source
      and total.name = '' and total.type = '' and total.category = ''
    join rollup_classes every on every.project_id = k.project_id and every.source = 'any'
    left join rollup_classes part on part.project_id = k.project_id and part.source = k.part_source
      and part.name = k.part and part.type = '' and part.category = ''
    left join rollup_classes error on error.project_id = k.project_id and error.source = 'feature_error'
      and error.name = k.name and error.type = k.type and error.category = k.error`)
  await tx.execute(sql`set local join_collapse_limit = default`)
  await tx.execute(sql`analyze known`)
  // There are few kinds, but by so many columns PostgreSQL would rather sort all records.
  await tx.execute(sql`set local enable_mergejoin = off`)
  await tx.execute(sql`
    create temp table placed as
    select project_id, hour, day, half_week, week, source, agent_id, class_id, total_id, any_id, part_id, error_id, user_id,
      session_id, occurred_at, duration_ms, success
    from arrived join known using (${kind})`)
  await tx.execute(sql`set local enable_mergejoin = default`)
  await tx.execute(sql`analyze placed`)
  await tx.execute(sql`drop table kinds, known`)
}
