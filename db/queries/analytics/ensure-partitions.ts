import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { type AnalyticsTable, analyticsTables } from '@/db/schema'

/**
 * Makes the partitions that records of these times need, where they are missing. A month has a partition; a year that
 * was over two years ago when its first record came (an import) has one for the whole year, so that old data does not
 * make hundreds.
 *
 * @param tables which of the five; all, if left out
 */
export async function ensurePartitions(
  db: Db,
  times: Date[],
  tables: readonly AnalyticsTable[] = analyticsTables,
): Promise<void> {
  await db.transaction(async (tx) => {
    // One maker at a time, so that two processes do not make the same partition.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('holdfast.partitions'))`)
    for (const table of tables) {
      const names = await partitionNames(tx, table)
      for (const span of spansOf(times, table, names)) {
        await tx.execute(
          sql`create table if not exists ${sql.identifier(span.name)} partition of ${sql.identifier(table)}
              for values from (${sql.raw(`'${span.from}'`)}) to (${sql.raw(`'${span.to}'`)})`,
        )
      }
    }
  })
}

/** The names of a table's partitions: `user_events_2026_11` for a month, `user_events_2015` for a year. */
export async function partitionNames(db: Db, table: AnalyticsTable): Promise<string[]> {
  const rows = await db.execute<{ name: string }>(
    sql`select relid::regclass::text as name from pg_partition_tree(${table}::regclass) where level = 1`,
  )
  return rows.map((row) => row.name)
}

function spansOf(
  times: Date[],
  table: string,
  existing: string[],
): { name: string; from: string; to: string }[] {
  const spans = new Map<string, { name: string; from: string; to: string }>()
  for (const time of times) {
    const year = time.getUTCFullYear()
    const month = time.getUTCMonth()
    const yearName = `${table}_${year}`
    const hasYear = existing.includes(yearName) || spans.has(yearName)
    const hasMonths = existing.some((name) => name.startsWith(`${yearName}_`))
    if (hasYear) continue
    const whole = !hasMonths && year <= new Date().getUTCFullYear() - 2
    const name = whole ? yearName : `${yearName}_${String(month + 1).padStart(2, '0')}`
    const from = whole ? Date.UTC(year, 0) : Date.UTC(year, month)
    const to = whole ? Date.UTC(year + 1, 0) : Date.UTC(year, month + 1)
    if (!existing.includes(name)) {
      spans.set(name, { name, from: new Date(from).toISOString(), to: new Date(to).toISOString() })
    }
  }
  return [...spans.values()]
}
