import { setTimeout } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { arrayLiteral } from '@/db/array-literal'
import type { Db } from '@/db/connect'
import { analyticsTables } from '@/db/schema'

const POLL_MS = 10

const tables = sql`(${sql.join(
  analyticsTables.map((table) => sql`${table}::regclass`),
  sql`, `,
)})`

/**
 * Waits until every statement that writes to the analytics tables now has ended: one that began before a commit does
 * not see what was committed, and its rows are not seen either until it commits. A writer holds its table's lock from
 * before it looks at the data until its end.
 *
 * @returns whether they all ended in time
 */
export async function awaitWriters(db: Db, limitMs: number): Promise<boolean> {
  const until = Date.now() + limitMs
  const holds = sql`from pg_locks where locktype = 'relation' and mode = 'RowExclusiveLock' and relation in ${tables}
    and database = (select oid from pg_database where datname = current_database())`
  const writers = await db.execute<{ id: string }>(
    sql`select distinct virtualtransaction as id ${holds} and pid <> pg_backend_pid()`,
  )
  const ids = arrayLiteral(writers.map(({ id }) => id))
  while (writers.length > 0) {
    const [row] = await db.execute<{ writing: boolean }>(
      sql`select exists (select ${holds} and virtualtransaction = any(${ids}::text[])) as writing`,
    )
    if (!row?.writing) return true
    if (Date.now() >= until) return false
    await setTimeout(POLL_MS)
  }
  return true
}
