import { getTableColumns, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import type { Identity } from '@/db/queries/analytics/users/identities'
import { type AnalyticsTable, analytics } from '@/db/schema'

/**
 * Makes the records of an anonymousId alone the user's, as if they had been sent with the userId: those that the user
 * has already are dropped. Each keeps the transaction that stored it, so it is not new to what counts by that.
 *
 * @param tables that have such records
 * @returns how many became the user's
 */
export async function moveRecords(tx: Db, identity: Identity, tables: AnalyticsTable[]): Promise<number> {
  let moved = 0
  for (const table of tables) moved += await moveRows(tx, table, identity)
  return moved
}

async function moveRows(tx: Db, table: AnalyticsTable, identity: Identity): Promise<number> {
  const { projectId, anonymousId, userId } = identity
  const user = sql`${userId}::text`
  const replaced: Record<string, ReturnType<typeof sql>> = {
    user_id: user,
    occurred_at: sql`happened_at`,
    run_id: sql`case when run_id = 'user:' || user_id then 'user:' || ${user} else run_id end`,
  }
  const names = Object.values(getTableColumns(analytics[table])).map(({ name }) => name)
  const columns = sql.join(
    names.map((name) => sql.identifier(name)),
    sql`, `,
  )
  const values = sql.join(
    names.map((name) => replaced[name] ?? sql.identifier(name)),
    sql`, `,
  )
  // A record that we timed has the time of the user's own copy, where there is one: as a repeat has that comes in.
  const [row] = await tx.execute<{ moved: number }>(sql`
    with gone as (
      delete from ${sql.identifier(table)}
      where project_id = ${projectId} and user_id = ${anonymousId} and anonymous_id = ${anonymousId} returning *
    ), forgotten as (
      delete from record_times t using gone g
      where t.project_id = ${projectId} and t.user_id = ${anonymousId} and t.id = g.id returning t.id, t.received_at
    ), settled as (
      select g.*, f.received_at as timed_at, coalesce(
        (select t.occurred_at from record_times t
         where t.project_id = ${projectId} and t.user_id = ${user} and t.id = g.id),
        case when f.id is not null then (
          select e.occurred_at from ${sql.identifier(table)} e
          where e.project_id = ${projectId} and e.user_id = ${user} and e.id = g.id
            and e.occurred_at between g.occurred_at - interval '2 days' and g.occurred_at + interval '2 days'
          limit 1) end,
        g.occurred_at) as happened_at
      from gone g left join forgotten f using (id)
    ), remembered as (
      insert into record_times (project_id, user_id, id, occurred_at, received_at)
      select project_id, ${user}, id, happened_at, timed_at from settled where timed_at is not null
      order by id on conflict do nothing
    ), moved as (
      insert into ${sql.identifier(table)} (${columns}) select ${values} from settled
      order by happened_at, id on conflict do nothing returning 1
    )
    select count(*)::int as moved from moved`)
  return row?.moved ?? 0
}
