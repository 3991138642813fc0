import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { connect, findLeader } from '@/db/connect'
import { insertProject } from '@/db/queries/access/projects'
import { ensurePartitions } from '@/db/queries/analytics/ensure-partitions'
import { migrate } from '@/db/queries/migrate'
import { analyticsTables } from '@/db/schema'
import { startScratch } from '@/lib/recovery/restore/scratch-server'
import { addressOf, startCluster, superuserAddressOf } from './index'
import { scratchFolder } from './testing'

test('of a cluster of before, the application gets what a superuser has made in its database', async () => {
  const scratch = scratchFolder()
  let cluster = await startCluster({ dataDir: scratch.path })
  try {
    const before = connect(await findLeader(superuserAddressOf(cluster, cluster.database)), { max: 1 })
    await migrate(before)
    await before.sql.unsafe('alter database holdfast owner to holdfast')
    await before.sql.unsafe('drop owned by holdfast_app')
    await before.sql.unsafe('drop role holdfast_app')
    await before.close()
    await cluster.stop()
    const path = join(scratch.path, 'cluster', 'secrets.json')
    const { applicationPassword: _, ...secrets } = JSON.parse(readFileSync(path, 'utf8'))
    writeFileSync(path, JSON.stringify(secrets))
    const backup = join(scratch.path, 'backup')
    cpSync(join(scratch.path, 'cluster', 'a'), backup, { recursive: true })

    cluster = await startCluster({ dataDir: scratch.path })
    const application = connect(await findLeader(addressOf(cluster)), { max: 1 })
    const foreign = await application.sql`
      select relname from pg_class where relnamespace = 'public'::regnamespace and relowner <> current_user::regrole`
    expect(foreign).toEqual([])
    expect(await insertProject(application.db, { name: 'of the application' })).toBeTruthy()
    await ensurePartitions(application.db, [new Date('2031-01-01')], [...analyticsTables])
    await migrate(application)
    await application.close()
    // Its backups are of before, too.
    process.env.DATABASE_URL = addressOf(cluster)
    process.env.NEXTAUTH_SECRET = 'a secret for tests only'
    expect(await superuserOf(backup)).toBe('holdfast')
  } finally {
    await cluster.stop()
    scratch.remove()
  }
})

/** As whom a restored folder is looked at. */
async function superuserOf(folder: string): Promise<string> {
  writeFileSync(join(folder, 'standby.signal'), '')
  const server = await startScratch({
    folder,
    settings: { restore_command: 'false' },
    until: 0,
    onReplay: () => {},
    abort: AbortSignal.timeout(60_000),
  })
  try {
    const [row] = await server.connection
      .sql`select rolname as name, rolsuper as super from pg_roles where rolname = current_user`
    expect(row?.super).toBe(true)
    return row?.name
  } finally {
    await server.stop()
  }
}
