import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { bitsOf, chunkOf } from './add-visitors'

/**
 * Sets the bits of those whom the records of `placed` came from: by day for each class, page and feature, from which the
 * totals, the weeks and their halves follow, and by hour for the total of events. Of other kinds than events there are
 * users, but no sessions.
 */
export async function addBits(tx: Db): Promise<void> {
  const chunk = chunkOf(sql`ordinal`)
  const span = sql`project_id, subject, day, half_week, week`
  await tx.execute(sql`
    create temp table seen as
    select p.project_id, s.subject, p.source, p.hour, p.day, p.half_week, p.week, p.class_id, p.total_id, p.any_id,
      p.part_id, v.plane, v.ordinal
    from placed p
    cross join lateral (values ('user'::rollup_subject, user_id), ('session', session_id)) s (subject, key)
    join rollup_visitors v on v.project_id = p.project_id and v.subject = s.subject and v.key = s.key
      and v.agent_id = p.agent_id
    where s.subject = 'user' or p.source = 'event'`)
  await tx.execute(sql`
    with own as (
      select ${span}, class_id, total_id, any_id, plane, ${chunk} as chunk, ${bitsOf(sql`ordinal`)} as bits
      from seen group by ${span}, class_id, total_id, any_id, plane, ${chunk}
    ), days as (
      select ${span}, class_id, plane, chunk, bits from own
      union all
      select ${span}, total_id, plane, chunk, bit_or(bits)
      from own group by ${span}, total_id, plane, chunk
      union all
      select ${span}, any_id, plane, chunk, bit_or(bits)
      from own where subject = 'user' group by ${span}, any_id, plane, chunk
      union all
      select ${span}, part_id, plane, ${chunk}, ${bitsOf(sql`ordinal`)}
      from seen where part_id is not null group by ${span}, part_id, plane, ${chunk}
    ), halves as (
      select project_id, subject, half_week, week, class_id, plane, chunk, bit_or(bits) as bits
      from days group by project_id, subject, half_week, week, class_id, plane, chunk
    ), cells as (
      select project_id, subject, 'day'::rollup_grain as grain, day as at, class_id, plane, chunk, bits from days
      union all
      select project_id, subject, 'half_week', half_week, class_id, plane, chunk, bits from halves
      union all
      select project_id, subject, 'week', week, class_id, plane, chunk, bit_or(bits)
      from halves group by project_id, subject, week, class_id, plane, chunk
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
