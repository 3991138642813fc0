import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { LIST_LENGTH } from '@/db/schema'

const most = sql.raw(String(LIST_LENGTH))

/**
 * Adds durations to the sorted lists of their cells, and to those of all agents together. A cell's last list grows until
 * it is full. What does not fit into one is dealt out to several like cards, so that all are alike: percentiles are found
 * the faster in them.
 *
 * @param durations a query with `project_id, class_id, at, agent_id, ms, sign`: with -1 for one that no longer counts
 */
export async function addDurations(tx: Db, durations: SQL): Promise<void> {
  const cell = sql`project_id, class_id, agent_id, at, sign`
  await tx.execute(sql`
    with added as materialized (
      select project_id, class_id, level.agent_id, at, sign(d.sign)::smallint as sign, ms
      from (${durations}) d
      cross join generate_series(1, abs(d.sign))
      cross join lateral (values (d.agent_id), (0)) level (agent_id)
    ), newest as materialized (
      select distinct on (${cell}) ${cell}, part, list
      from rollup_durations join (select distinct ${cell} from added) cells using (${cell})
      order by ${cell}, part desc
    ), dealt as (
      select ${cell}, ms, row_number() over (partition by ${cell} order by ms) - 1 as place,
        ceil(count(*) over (partition by ${cell}) / ${most}.0)::int as lists
      from (
        select ${cell}, ms from added
        union all
        select ${cell}, ms from newest, unnest(list) ms where cardinality(list) < ${most}
      ) together
    )
    insert into rollup_durations (${cell}, part, list)
    select ${cell}, coalesce(part + (cardinality(n.list) >= ${most})::int, 0) + place % lists as number,
      array_agg(ms order by ms)
    from dealt left join newest n using (${cell}) group by ${cell}, number
    on conflict (${cell}, part) do update set list = excluded.list`)
}
