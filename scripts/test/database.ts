import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import { type Connection, connect, findLeader } from '@/db/connect'
import { insertProject } from '@/db/queries/access/projects'
import { migrate } from '@/db/queries/migrate'
import type { Project } from '@/lib/access/caller'

export interface TestDatabase {
  address: string
  connection: Connection
  project: Project
}

/** A new database with nothing in it, in the cluster of this run. */
export async function makeEmptyDatabase(): Promise<string> {
  const name = `test_${randomBytes(6).toString('hex')}`
  const server = await findLeader(inject('address'))
  const admin = connect(server, { max: 1 })
  await admin.sql.unsafe(`create database ${name}`)
  await admin.close()
  return server.replace(/postgres$/, name)
}

/**
 * A new, migrated database with one project, in the cluster of this run. Also sets the environment, so that what opens
 * its own pool (`lib/database`) uses this database.
 */
export async function makeDatabase(): Promise<TestDatabase> {
  const address = await makeEmptyDatabase()
  const migrating = connect(address, { max: 1 })
  await migrate(migrating)
  await migrating.close()
  const connection = connect(address, { max: 4 })
  const project = (await insertProject(connection.db, { name: 'Test' })) as Project
  process.env.DATABASE_URL = address
  process.env.NEXTAUTH_SECRET = 'a secret for tests only'
  return { address, connection, project }
}
