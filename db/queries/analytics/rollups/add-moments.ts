import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { MOMENT_ORDINALS, MOMENT_SHIFT, PART_LENGTH } from '@/db/schema'

const length = sql.raw(String(PART_LENGTH))
const cell = sql`project_id, class_id, at, agent_id`

/** The moments of the events of `placed`, of those users that a moment can hold. */
const moments = sql`
  select p.project_id, p.class_id, p.day as at, p.agent_id,
    (v.ordinal::bigint << ${sql.raw(String(MOMENT_SHIFT))}) + (date_part('epoch', p.occurred_at - p.day) * 1e6)::bigint as moment
  from placed p
  join rollup_visitors v on v.project_id = p.project_id and v.subject = 'user' and v.key = p.user_id
    and v.agent_id = p.agent_id and v.ordinal < ${sql.raw(String(MOMENT_ORDINALS))}
  where p.source = 'event'`

/** Adds the moments of `placed` to their cells: to the last part while it is short, and to new ones. */
export async function addMoments(tx: Db): Promise<void> {
  await tx.execute(sql`
    with cells as materialized (
      select k.project_id, a.class_id, a.at, a.agent_id, coalesce(n.part + (not n.short)::int, 0) as first,
        array(
          select m from unnest(case when n.short then a.moments || n.moments else a.moments end) m order by m
        ) as moments
      -- A class is of one project: millions are sorted the faster without it.
      from (select class_id, at, agent_id, array_agg(moment) as moments from (${moments}) m group by 1, 2, 3) a
      join rollup_classes k on k.id = a.class_id
      left join lateral (
        select part, moments, cardinality(moments) < ${length} as short from rollup_moments r
        where r.project_id = k.project_id and r.class_id = a.class_id and r.at = a.at and r.agent_id = a.agent_id
        order by part desc limit 1
      ) n on true
    )
    insert into rollup_moments (${cell}, part, moments)
    select ${cell}, first + place / ${length}, moments[place + 1 : place + ${length}]
    from cells cross join lateral generate_series(0, cardinality(moments) - 1, ${length}) place
    -- What is read together lies together.
    order by ${cell}, place
    on conflict (${cell}, part) do update set moments = excluded.moments`)
}

/**
 * Takes the moments of `placed` out of their cells, each once for each record: two of one user may be equal, and one of
 * them stay.
 */
export async function takeMoments(tx: Db): Promise<void> {
  const same = (one: SQL, other: SQL) => sql`
    ${one}.project_id = ${other}.project_id and ${one}.class_id = ${other}.class_id and ${one}.at = ${other}.at
    and ${one}.agent_id = ${other}.agent_id`
  await tx.execute(sql`
    with gone as materialized (
      select ${cell}, moment, count(*) as records from (${moments}) m group by ${cell}, moment
    ), held as materialized (
      select ${cell}, r.part, m.moment, row_number() over (partition by ${cell}, m.moment order by part) as nth
      from (select ${cell}, array_agg(moment) as moments from gone group by ${cell}) c
      join rollup_moments r using (${cell})
      cross join unnest(r.moments) m (moment)
      -- Parts with none of them are left out, unless to look for so many takes longer than to number all.
      where cardinality(c.moments) > 64 or r.moments && c.moments
    ), changed as materialized (
      select ${cell}, part, coalesce(array_agg(moment order by moment) filter (where records is null or nth > records), '{}') as moments
      from held left join gone using (${cell}, moment)
      group by ${cell}, part having count(*) filter (where nth <= records) > 0
    ), emptied as (
      delete from rollup_moments r using changed c where ${same(sql`r`, sql`c`)} and r.part = c.part and c.moments = '{}'
    )
    update rollup_moments r set moments = c.moments from changed c
    where ${same(sql`r`, sql`c`)} and r.part = c.part and c.moments <> '{}'`)
}
