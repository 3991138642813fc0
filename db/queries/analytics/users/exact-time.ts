import { type SQL, sql } from 'drizzle-orm'

/** A time to the microsecond, as PostgreSQL keeps it: a page's end rounded to milliseconds would pass over records. */
export function exactTime(time: SQL): SQL<string> {
  return sql<string>`to_char(${time} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
}
