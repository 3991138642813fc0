import { eq, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { analyticsTables, projects } from '@/db/schema'

/** What has no foreign key, since it is written too often to look one up each time. */
const recorded = [...analyticsTables, 'record_times', 'identities', 'dropped_records']
const rollups = [
  ...[
    'rollup_counts',
    'rollup_bits',
    'rollup_durations',
    'rollup_moments',
    'rollup_visitors',
    'rollup_agents',
    'rollup_agent_bits',
  ],
  ...['rollup_classes', 'rollup_projects'],
]

/**
 * Deletes a project, what was recorded in it and what was counted from that, in a transaction. Its keys, memberships,
 * funnels, surveys and alerts go with its row.
 *
 * @returns rows deleted, by table
 */
export async function deleteProject(tx: Db, projectId: string): Promise<Record<string, number>> {
  const deleted = await deleteRecorded(tx, projectId)
  await tx.delete(projects).where(eq(projects.id, projectId))
  return deleted
}

/**
 * Deletes what came too late: records of a project that is deleted, sent with a key that was still remembered, or waiting on
 * a disk.
 */
export async function deleteLeftBehind(db: Db): Promise<void> {
  const ids = new Set<string>()
  for (const table of recorded) for (const id of await listOrphans(db, table)) ids.add(id)
  for (const id of ids) await db.transaction((tx) => deleteRecorded(tx, id))
}

async function deleteRecorded(tx: Db, projectId: string): Promise<Record<string, number>> {
  // The rollups stay where they are meanwhile.
  await tx.execute(sql`select from rollup_progress for update`)
  const deleted: Record<string, number> = {}
  for (const table of [...recorded, ...rollups]) {
    const { count } = await tx.execute(
      sql`delete from ${sql.identifier(table)} where project_id = ${projectId}`,
    )
    if (recorded.includes(table)) deleted[table] = count
  }
  return deleted
}

/** Projects that a table has rows of and that there are not, by a step through its index from one project to the next. */
async function listOrphans(db: Db, name: string): Promise<string[]> {
  const table = sql.identifier(name)
  const rows = await db.execute<{ id: string }>(sql`
    with recursive ids as (
      (select project_id from ${table} order by project_id limit 1)
      union all
      select (select project_id from ${table} t where t.project_id > ids.project_id order by t.project_id limit 1)
      from ids where ids.project_id is not null
    )
    select project_id as id from ids
    where project_id is not null and not exists (select from projects where projects.id = ids.project_id)`)
  return rows.map(({ id }) => id)
}
