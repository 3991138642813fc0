import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { CHUNK_BITS } from '@/db/schema'

const size = sql.raw(String(CHUNK_BITS))

/** The chunk that an ordinal lies in. */
export const chunkOf = (ordinal: SQL): SQL => sql`${ordinal} / ${size}`

/** An aggregate: the bitmap of a chunk, with the bits of these ordinals. */
export const bitsOf = (ordinal: SQL): SQL => sql`set_bits(${ordinal} % ${size}, 1)`

/** Gives new users and sessions of `placed` their ordinal, and each agent that is new to them a plane. */
export async function addVisitors(tx: Db): Promise<void> {
  await tx.execute(sql`
    create temp table newcomers as
    select project_id, subject, key, agent_id, min(first_at) as first_at from (
      select project_id, 'user'::rollup_subject as subject, user_id as key, agent_id, min(occurred_at) as first_at
      from placed group by 1, 2, 3, 4
      union all
      select project_id, 'session'::rollup_subject, session_id, agent_id, min(occurred_at)
      from placed where session_id is not null and source = 'event' group by 1, 2, 3, 4
    ) seen
    where not exists (
      select from rollup_visitors v where v.project_id = seen.project_id and v.subject = seen.subject
        and v.key = seen.key and v.agent_id = seen.agent_id)
    group by 1, 2, 3, 4`)
  await tx.execute(sql`analyze newcomers`)
  // In the order of their first record, so that the sessions of a day lie in few chunks.
  const added = sql`
    select n.project_id, n.subject, n.key, n.agent_id,
      coalesce(k.ordinal, case n.subject when 'user' then b.users else b.sessions end + dense_rank() over (
        partition by n.project_id, n.subject, k.ordinal is null order by n.first_of_key, n.key) - 1)::int as ordinal,
      coalesce(k.planes, 0) + row_number() over (
        partition by n.project_id, n.subject, n.key order by n.first_at, n.agent_id) as plane
    from (
      select *, min(first_at) over (partition by project_id, subject, key) as first_of_key from newcomers
    ) n
    cross join lateral (
      select min(ordinal) as ordinal, max(plane) as planes from rollup_visitors v
      where v.project_id = n.project_id and v.subject = n.subject and v.key = n.key
    ) k
    join rollup_projects b using (project_id)`
  await tx.execute(sql`
    with added as (
      insert into rollup_visitors (project_id, subject, key, agent_id, ordinal, plane) ${added}
      returning project_id, subject, agent_id, plane, ordinal
    ), numbered as (
      -- Whoever is new has a first plane.
      update rollup_projects p set users = p.users + n.users, sessions = p.sessions + n.sessions
      from (
        select project_id, count(*) filter (where subject = 'user') as users,
          count(*) filter (where subject = 'session') as sessions
        from added where plane = 1 group by 1
      ) n where n.project_id = p.project_id
    )
    insert into rollup_agent_bits as r (project_id, subject, agent_id, plane, chunk, bits)
    select project_id, subject, agent_id, plane, ${chunkOf(sql`ordinal`)}, ${bitsOf(sql`ordinal`)}
    from added group by 1, 2, 3, 4, 5
    on conflict (project_id, subject, agent_id, plane, chunk) do update set bits = r.bits | excluded.bits`)
  if (await haveGrown(tx)) await tx.execute(sql`analyze rollup_visitors`)
}

/** Whether the visitors are many more than PostgreSQL knows: it would plan for the few that there were. */
async function haveGrown(tx: Db): Promise<boolean> {
  const [row] = await tx.execute<{ grown: boolean }>(sql`
    select (select count(*) from newcomers) > 0.1 * reltuples as grown
    from pg_class where oid = 'rollup_visitors'::regclass`)
  return row?.grown ?? false
}
