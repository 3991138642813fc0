import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { partitionNames } from '@/db/queries/analytics/ensure-partitions'
import { expireRollups } from '@/db/queries/analytics/rollups/expire'
import { forgetClasses } from '@/db/queries/analytics/rollups/forget-classes'
import { noteCutRuns } from '@/db/queries/analytics/rollups/runs/cut-runs'
import { type AnalyticsTable, analyticsTables, projects } from '@/db/schema'
import { nextStart, startOf, versionOf } from '@/db/time-zone'

const DAY_MS = 86_400_000

/**
 * Deletes the records that their project keeps no longer, whole days of its timezone and what is derived from them, and
 * drops the partitions that then are empty and whose time no project keeps.
 */
export async function expireRecords(db: Db, now: Date): Promise<void> {
  const keeping = await db.select({ id: projects.id, days: projects.retentionDays }).from(projects)
  for (const { id, days } of keeping) if (days !== null) await expireProject(db, id, now, days)
  const longest = Math.max(...keeping.map(({ days }) => days ?? Number.POSITIVE_INFINITY))
  if (!Number.isFinite(longest)) return
  // The day that a project still keeps the rest of began up to a day before.
  const before = new Date(now.getTime() - (longest + 1) * DAY_MS)
  for (const table of analyticsTables) await dropBefore(db, table, before)
}

async function expireProject(db: Db, projectId: string, now: Date, days: number): Promise<void> {
  const kept = now.getTime() - days * DAY_MS
  await db.transaction(async (tx) => {
    // The rollups stay where they are meanwhile, and so do the days that they are by.
    const [progress] = await tx.execute<{ upTo: string }>(
      sql`select next_transaction::text as "upTo" from rollup_progress for update`,
    )
    const [row] = await tx.execute<{ timezone: string }>(sql`
      select coalesce(r.timezone, p.timezone) as timezone
      from projects p left join rollup_projects r on r.project_id = p.id where p.id = ${projectId}`)
    if (!row || !progress) return
    const timezone = versionOf(row.timezone) === undefined ? 'UTC' : row.timezone
    const before = toIso(startOf('day', kept, timezone))
    const begun = (['half_week', 'week'] as const).map((grain) => ({
      grain,
      from: toIso(startOf(grain, kept, timezone)),
      to: toIso(nextStart(grain, kept, timezone)),
    }))
    const cut = await noteCutRuns(tx, projectId, before, progress.upTo)
    for (const table of analyticsTables) {
      await tx.execute(sql`
        delete from ${sql.identifier(table)}
        where project_id = ${projectId} and occurred_at < ${before}::timestamptz`)
    }
    await expireRollups(tx, projectId, before, begun)
    await cut.addAgain()
    await forgetClasses(tx, projectId)
  })
}

const toIso = (at: number): string => new Date(at).toISOString()

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
