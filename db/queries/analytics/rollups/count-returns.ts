import { type SQL, sql } from 'drizzle-orm'
import { arrayLiteral } from '@/db/array-literal'
import type { Db } from '@/db/connect'
import { countReturns, type ReturnQuestion, type Returns } from '@/db/queries/analytics/count-returns'
import { matches } from '@/db/queries/analytics/record-filter'
import { CHUNK_BITS, rollupAgentBits, rollupAgents, rollupBits, rollupClasses } from '@/db/schema'
import { bitsOf } from './add-visitors'
import { filtersByAgent, type Source, whereAgent, whereClass } from './question'

const size = sql.raw(String(CHUNK_BITS))
const none = sql`0::bit(${size})`

/**
 * Users by the interval of their first record ever and by the intervals in which they have one, from the bitmaps of all
 * days. Users of records that arrived since the rollups were advanced are taken out of the bitmaps and read record by
 * record.
 *
 * @param asked with intervals of whole days of the rollups' timezone
 */
export async function countReturnsByBits(
  db: Db,
  asked: ReturnQuestion & { source: Source; nextTransaction: string },
): Promise<Returns[]> {
  const { table, filter, nextTransaction } = asked
  const arrived = sql`
    from ${sql.identifier(table)} where project_id = ${filter.projectId} and transaction_id >= ${nextTransaction}::xid8
      and occurred_at < ${filter.to.toISOString()}::timestamptz`
  const recent = sql.join([arrived, ...matches(table, filter)], sql` and `)
  const rows = await db.execute<{ userId: string }>(sql`select distinct user_id as "userId" ${recent}`)
  const users = rows.map(({ userId }) => userId)
  const [rolled, read] = await Promise.all([
    db.execute<Returns>(countedByBits(asked, users)),
    users.length > 0 ? countReturns(db, asked, users) : [],
  ])
  return addUp([...rolled, ...read])
}

function countedByBits(asked: ReturnQuestion & { source: Source }, users: string[]): SQL {
  const { filter, starts, event, source } = asked
  const returning =
    event === undefined
      ? sql`select nth, chunk, bits from found`
      : activity({ filter, starts, source }, event)
  const without = sql`
    select ordinal / ${size} as chunk, ${bitsOf(sql`ordinal`)} as bits
    from rollup_visitors where project_id = ${filter.projectId} and subject = 'user' and plane = 1
      and key = any(${arrayLiteral(users)}::text[])
    group by 1`
  return sql`
    with without as materialized (${users.length > 0 ? without : sql`select 0 as chunk, ${none} as bits where false`}),
    found as materialized (
      select a.nth, a.chunk, a.bits & ~coalesce(w.bits, ${none}) as bits
      from (${activity({ filter, starts, source })}) a left join without w using (chunk)
    ), returned as materialized (${returning}),
    begun as (
      select nth, chunk, bits & ~coalesce(bit_or(bits) over (
        partition by chunk order by nth rows between unbounded preceding and 1 preceding), ${none}) as bits
      from found
    )
    select b.nth as cohort, f.nth as interval, sum(bit_count(b.bits & f.bits))::float8 as users,
      sum(bit_count(b.bits & f.bits & coalesce(r.bits, ${none})))::float8 as returned
    from begun b
    join found f on f.chunk = b.chunk and f.nth >= b.nth
    left join returned r on r.chunk = f.chunk and r.nth = f.nth
    where b.nth >= 0 group by 1, 2`
}

/** A query: the bits of the users with a record, by interval and chunk; interval -1 is all the time before. */
function activity(
  { filter, starts, source }: Pick<ReturnQuestion, 'filter' | 'starts'> & { source: Source },
  event?: string,
): SQL {
  const named = event === undefined ? filter : { ...filter, equal: { ...filter.equal, name: event } }
  const withAgents = filtersByAgent(filter)
  const cells = sql`
    select width_bucket(at, ${arrayLiteral(starts)}::timestamptz[]) - 1 as nth, plane, chunk, bit_or(bits) as bits
    from ${rollupBits}
    where ${rollupBits.projectId} = ${filter.projectId} and subject = 'user' and grain = 'day'
      and at < ${filter.to.toISOString()}::timestamptz and ${withAgents ? sql`plane > 0` : sql`plane = 0`}
      and class_id = any(array(select id from ${rollupClasses} where ${whereClass({ source, filter: named }, {})}))
    group by 1, 2, 3`
  if (!withAgents) return sql`select nth, chunk, bits from (${cells}) c`
  return sql`
    select nth, chunk, bit_or(c.bits & a.bits) as bits from (${cells}) c join (
      select plane, chunk, bit_or(bits) as bits
      from ${rollupAgentBits} join ${rollupAgents} on ${rollupAgents.id} = ${rollupAgentBits.agentId}
      where ${rollupAgentBits.projectId} = ${filter.projectId} and subject = 'user' and ${whereAgent(filter)}
      group by 1, 2
    ) a using (plane, chunk) group by 1, 2`
}

function addUp(rows: Returns[]): Returns[] {
  const sums = new Map<string, Returns>()
  for (const row of rows) {
    const key = `${row.cohort} ${row.interval}`
    const before = sums.get(key) ?? { ...row, users: 0, returned: 0 }
    sums.set(key, { ...before, users: before.users + row.users, returned: before.returned + row.returned })
  }
  return [...sums.values()]
}
