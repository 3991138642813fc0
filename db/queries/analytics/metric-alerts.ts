import { and, asc, count, eq, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { oneAtATime } from '@/db/queries/one-at-a-time'
import { metricAlerts, projects } from '@/db/schema'

export type MetricAlertRow = typeof metricAlerts.$inferSelect
type New = typeof metricAlerts.$inferInsert

const ofProject = (projectId: string, id: string) =>
  and(eq(metricAlerts.projectId, projectId), eq(metricAlerts.id, id))

/** A project's metric alerts, oldest first. */
export async function listMetricAlerts(db: Db, projectId: string): Promise<MetricAlertRow[]> {
  return db
    .select()
    .from(metricAlerts)
    .where(eq(metricAlerts.projectId, projectId))
    .orderBy(asc(metricAlerts.createdAt), asc(metricAlerts.id))
}

/** Those of all projects that are on, with their projects, the oldest first. */
export async function listActiveMetricAlerts(db: Db) {
  return db
    .select({ alert: metricAlerts, project: projects })
    .from(metricAlerts)
    .innerJoin(projects, eq(projects.id, metricAlerts.projectId))
    .where(eq(metricAlerts.active, true))
    .orderBy(asc(metricAlerts.createdAt), asc(metricAlerts.id))
}

/** Stores a new one; nothing, if its project has `limit` of them already. */
export async function insertMetricAlert(
  db: Db,
  alert: New,
  limit: number,
): Promise<MetricAlertRow | undefined> {
  return db.transaction(async (tx) => {
    await oneAtATime(tx, 'metric-alerts', alert.projectId)
    const [others] = await tx
      .select({ count: count() })
      .from(metricAlerts)
      .where(eq(metricAlerts.projectId, alert.projectId))
    if ((others?.count ?? 0) >= limit) return undefined
    const [row] = await tx.insert(metricAlerts).values(alert).returning()
    return row
  })
}

/** Whose a metric alert is, which stays so for as long as there is one; nothing, if there is none. */
export async function findMetricAlertMaker(db: Db, projectId: string, id: string) {
  const [row] = await db
    .select({ savedBy: metricAlerts.savedBy })
    .from(metricAlerts)
    .where(ofProject(projectId, id))
  return row
}

/** Puts another definition in the place of one; nothing, if there is none. */
export async function replaceMetricAlert(
  db: Db,
  { projectId, id, ...definition }: Omit<New, 'id' | 'savedBy'> & { id: string },
): Promise<MetricAlertRow | undefined> {
  const [row] = await db
    .update(metricAlerts)
    .set({ ...definition, changedAt: sql`now()` })
    .where(ofProject(projectId, id))
    .returning()
  return row
}

/** Deletes one of a project; answers whether there was one. */
export async function deleteMetricAlert(db: Db, projectId: string, id: string): Promise<boolean> {
  const rows = await db
    .delete(metricAlerts)
    .where(ofProject(projectId, id))
    .returning({ id: metricAlerts.id })
  return rows.length > 0
}
