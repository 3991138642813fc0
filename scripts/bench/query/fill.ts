import { type Connection, connect } from '@/db/connect'
import { findProjects, insertProject } from '@/db/queries/access/projects'
import { advanceRollups } from '@/db/queries/analytics/rollups/advance'
import { migrate } from '@/db/queries/migrate'
import type { Project } from '@/lib/access/caller'
import { generate } from './generate'
import { loadPostgres } from './load'

/**
 * A project with so many events and what comes with them, in a database of a folder. Of a folder that was kept, what it holds
 * already is not made again.
 */
export async function fill(address: string, folder: string, events: number): Promise<Project> {
  // The migration's own: others may be opened once the types that it makes are there.
  const migrating = connect(address, { max: 1 })
  await migrate(migrating)
  await migrating.close()
  const connection = connect(address, { max: 4 })
  try {
    return await fillThrough(connection, folder, events)
  } finally {
    await connection.close()
  }
}

async function fillThrough(connection: Connection, folder: string, events: number): Promise<Project> {
  const name = `Bench ${events}`
  const there = (await findProjects(connection.db)).find((project) => project.name === name)
  const project = there ?? (await insertProject(connection.db, { name }))
  if (!project) throw new Error('There is a project of this name, and there is not.')
  if (!there) {
    const counts = await timed('generated', async () => generate(folder, project.id, events))
    console.log(
      Object.entries(counts)
        .map(([table, count]) => `${table} ${count.toLocaleString('en')}`)
        .join(', '),
    )
    await timed('copied into PostgreSQL', () => loadPostgres(connection, folder))
  }
  if (await timed('rolled up', () => advanceRollups(connection.db, 'wait'))) {
    await connection.sql.unsafe('vacuum analyze')
  }
  return project
}

/** Does something, and prints how long it took. */
export async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now()
  const result = await work()
  console.log(`${what} in ${((performance.now() - start) / 1000).toFixed(1)} s`)
  return result
}
