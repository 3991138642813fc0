import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { MOMENT_ORDINALS, MOMENT_SHIFT, PART_LENGTH } from '@/db/schema'

const enough = sql.raw(String(PART_LENGTH))

/** The moments of the events of `placed`, of those users that a moment can hold. */
const moments = sql`
  select p.project_id, p.class_id, p.day as at, p.agent_id,
    (v.ordinal::bigint << ${sql.raw(String(MOMENT_SHIFT))}) + (date_part('epoch', p.occurred_at - p.day) * 1e6)::bigint as moment
  from placed p
  join rollup_visitors v on v.project_id = p.project_id and v.subject = 'user' and v.key = p.user_id
    and v.agent_id = p.agent_id and v.ordinal < ${sql.raw(String(MOMENT_ORDINALS))}
  where p.source = 'event'`

const cell = sql`project_id, class_id, at, agent_id`
const sorted = (list: SQL): SQL => sql`array(select m from unnest(${list}) m order by m)`

/** Adds the moments of `placed` to their cells: to the last part while it is short, else as a new one. */
export async function addMoments(tx: Db): Promise<void> {
  await tx.execute(sql`
    with added as materialized (
      select ${cell}, array_agg(moment) as moments from (${moments}) m group by ${cell}
    )
    insert into rollup_moments (${cell}, part, moments)
    select a.project_id, a.class_id, a.at, a.agent_id, coalesce(n.part + (not n.short)::int, 0),
      ${sorted(sql`case when n.short then a.moments || n.moments else a.moments end`)}
    from added a left join lateral (
      select part, cardinality(r.moments) < ${enough} as short, r.moments from rollup_moments r
      where r.project_id = a.project_id and r.class_id = a.class_id and r.at = a.at and r.agent_id = a.agent_id
      order by part desc limit 1
    ) n on true
    on conflict (${cell}, part) do update set moments = excluded.moments`)
}
