import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { bitsOf, chunkOf } from './add-visitors'

/**
 * Sets the bits of those whom the records of `placed` came from: by day for each class, page and feature, from which the
 * totals and the weeks follow, and by hour for the total of events. Of other kinds than events there are users, but no
 * sessions.
 */
export async function addBits(tx: Db): Promise<void> {
  const chunk = chunkOf(sql`ordinal`)
  await tx.execute(sql`
    create temp table seen as
    select p.project_id, s.subject, p.source, p.hour, p.day, p.week, p.class_id, p.total_id, p.any_id, p.part_id,
      v.plane, v.ordinal
    from placed p
    cross join lateral (values ('user'::rollup_subject, user_id), ('session', session_id)) s (subject, key)
    join rollup_visitors v on v.project_id = p.project_id and v.subject = s.subject and v.key = s.key
      and v.agent_id = p.agent_id
    where s.subject = 'user' or p.source = 'event'`)
  await tx.execute(sql`
    with own as (
      select project_id, subject, day, week, class_id, total_id, any_id, plane, ${chunk} as chunk,
        ${bitsOf(sql`ordinal`)} as bits
      from seen group by 1, 2, 3, 4, 5, 6, 7, 8, 9
    ), days as (
      select project_id, subject, day, week, class_id, plane, chunk, bits from own
      union all
      select project_id, subject, day, week, total_id, plane, chunk, bit_or(bits)
      from own group by project_id, subject, day, week, total_id, plane, chunk
      union all
      select project_id, subject, day, week, any_id, plane, chunk, bit_or(bits)
      from own where subject = 'user' group by project_id, subject, day, week, any_id, plane, chunk
      union all
      select project_id, subject, day, week, part_id, plane, ${chunk}, ${bitsOf(sql`ordinal`)}
      from seen where part_id is not null group by project_id, subject, day, week, part_id, plane, ${chunk}
    ), cells as (
      select project_id, subject, 'day'::rollup_grain as grain, day as at, class_id, plane, chunk, bits from days
      union all
      select project_id, subject, 'week', week, class_id, plane, chunk, bit_or(bits)
      from days group by project_id, subject, week, class_id, plane, chunk
      union all
      select project_id, subject, 'hour', hour, total_id, plane, ${chunk}, ${bitsOf(sql`ordinal`)}
      from seen where source = 'event' group by project_id, subject, hour, total_id, plane, ${chunk}
    )
    insert into rollup_bits as r (project_id, subject, grain, at, class_id, plane, chunk, bits)
    select project_id, subject, grain, at, class_id, level.plane, chunk, bit_or(bits)
    from cells cross join lateral (values (cells.plane), (0)) level (plane)
    group by 1, 2, 3, 4, 5, 6, 7
    -- What is read together lies together.
    order by project_id, subject, grain, class_id, at, plane, chunk
    on conflict (project_id, subject, grain, class_id, at, plane, chunk) do update
      set bits = r.bits | excluded.bits where r.bits <> r.bits | excluded.bits`)
}
