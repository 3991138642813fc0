import { and, eq, gte, lte, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { droppedRecords } from '@/db/schema'

/** Adds to today's count (UTC) of records dropped as bots'. */
export async function addDropped(db: Db, counts: { projectId: string; bots: number }[]): Promise<void> {
  const byProject = new Map<string, number>()
  for (const { projectId, bots } of counts) byProject.set(projectId, (byProject.get(projectId) ?? 0) + bots)
  const day = new Date().toISOString().slice(0, 10)
  const rows = [...byProject]
    .sort()
    .map(([projectId, count]) => ({ projectId, day, reason: 'bot' as const, count }))
  await db
    .insert(droppedRecords)
    .values(rows)
    .onConflictDoUpdate({
      target: [droppedRecords.projectId, droppedRecords.day, droppedRecords.reason],
      set: { count: sql`${droppedRecords.count} + excluded.count` },
    })
}

/** Records dropped as bots' in the UTC days that touch a range. */
export async function countDropped(db: Db, projectId: string, from: Date, to: Date): Promise<number> {
  const [row] = await db
    .select({ count: sql<number>`coalesce(sum(${droppedRecords.count}), 0)::float8` })
    .from(droppedRecords)
    .where(
      and(
        eq(droppedRecords.projectId, projectId),
        gte(droppedRecords.day, from.toISOString().slice(0, 10)),
        lte(droppedRecords.day, to.toISOString().slice(0, 10)),
      ),
    )
  return row?.count ?? 0
}
