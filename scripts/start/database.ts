import { type Connection, connect, type Db, findLeader } from '@/db/connect'
import { ensurePartitions } from '@/db/queries/analytics/ensure-partitions'
import { findPending, migrate } from '@/db/queries/migrate'
import { readVersion } from '@/db/queries/version'
import { monthsAhead } from '@/lib/jobs/maintain-partitions'
import { StartError } from '@/scripts/start/options'

const OLDEST = 150_000

/**
 * Brings a database's schema up to date and makes the partitions of the months to come.
 *
 * @param beforeMigration called with the name of the first migration that it lacks, before that changes anything
 */
export async function prepareDatabase(
  address: string,
  beforeMigration?: (db: Db, migration: string) => Promise<void>,
): Promise<Connection> {
  const connection = connect(await findLeader(address), { max: 1, name: 'holdfast start' })
  try {
    const version = await readVersion(connection.db)
    if (version < OLDEST)
      throw new StartError(`PostgreSQL 15 or newer is needed; this is ${Math.floor(version / 10_000)}.`)
    const [pending] = await findPending(connection.db)
    if (pending) await beforeMigration?.(connection.db, pending)
    await migrate(connection)
    await ensurePartitions(connection.db, monthsAhead(new Date()))
    return connection
  } catch (error) {
    await connection.close()
    throw error
  }
}
