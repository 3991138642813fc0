import { type Connection, connect } from '@/db/connect'
import { findProjects, insertProject } from '@/db/queries/access/projects'
import { advanceRollups } from '@/db/queries/analytics/rollups/advance'
import { migrate } from '@/db/queries/migrate'
import type { Project } from '@/lib/access/caller'
import { timed } from '@/scripts/bench/clock'
import { generate } from './generate'
import { loadPostgres } from './load'

/**
 * A project with so many events and what comes with them, in a database of a folder. Of a folder that was kept, what it holds
 * already is not made again.
 */
export async function fill(address: string, folder: string, events: number): Promise<Project> {
  // Of its own: connections know the types that there are when they are opened.
  const migrating = connect(address, { max: 1 })
  await migrate(migrating)
  await migrating.close()
  const connection = connect(address, { max: 4 })
  try {
    const name = `Bench ${events}`
    const there = (await findProjects(connection.db)).find((project) => project.name === name)
    const project = there ?? (await insertProject(connection.db, { name }))
    if (!project) throw new Error('There is a project of this name, and there is not.')
    if (!there) await loadProject(connection, folder, project.id, events)
    await rollUp(connection)
    return project
  } finally {
    await connection.close()
  }
}

/** Generates the records of a project in a folder, and copies them into the database. */
export async function loadProject(
  connection: Connection,
  folder: string,
  projectId: string,
  events: number,
): Promise<void> {
  const counts = await timed('generated', async () => generate(folder, projectId, events))
  console.log(
    Object.entries(counts)
      .map(([table, count]) => `${table} ${count.toLocaleString('en')}`)
      .join(', '),
  )
  await timed('copied into PostgreSQL', () => loadPostgres(connection, folder))
}

/** Brings the rollups up to date, as the worker would. */
export async function rollUp({ db, sql }: Connection): Promise<void> {
  if (await timed('rolled up', () => advanceRollups(db, 'wait'))) await sql.unsafe('vacuum analyze')
}
