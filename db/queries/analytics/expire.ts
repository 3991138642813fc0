import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { partitionNames } from '@/db/queries/analytics/ensure-partitions'
import { type AnalyticsTable, analyticsTables, projects } from '@/db/schema'

/**
 * Deletes the records that their project keeps no longer, and drops the partitions that then are empty and whose time
 * no project keeps.
 */
export async function expireRecords(db: Db, now: Date): Promise<void> {
  const keeping = await db.select({ id: projects.id, days: projects.retentionDays }).from(projects)
  for (const table of analyticsTables) {
    for (const { id, days } of keeping) {
      if (days === null) continue
      const before = new Date(now.getTime() - days * 86_400_000).toISOString()
      await db.execute(
        sql`delete from ${sql.identifier(table)} where project_id = ${id} and occurred_at < ${before}::timestamptz`,
      )
    }
    const longest = Math.max(...keeping.map(({ days }) => days ?? Number.POSITIVE_INFINITY))
    if (Number.isFinite(longest)) await dropBefore(db, table, new Date(now.getTime() - longest * 86_400_000))
  }
}

async function dropBefore(db: Db, table: AnalyticsTable, before: Date): Promise<void> {
  for (const name of await partitionNames(db, table)) {
    const [year, month] = name
      .slice(table.length + 1)
      .split('_')
      .map(Number)
    if (year === undefined) continue
    const end = month === undefined ? Date.UTC(year + 1, 0) : Date.UTC(year, month)
    if (end <= before.getTime()) await db.execute(sql`drop table if exists ${sql.identifier(name)}`)
  }
}

/** Forgets the times of records received over this many days ago: no client repeats one that late. */
export async function expireRecordTimes(db: Db, days: number): Promise<void> {
  await db.execute(sql`delete from record_times where received_at < now() - make_interval(days => ${days})`)
}
