import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { connect, findLeader } from '@/db/connect'
import { insertProject } from '@/db/queries/access/projects'
import { ensurePartitions } from '@/db/queries/analytics/ensure-partitions'
import { migrate } from '@/db/queries/migrate'
import { analyticsTables } from '@/db/schema'
import { startScratch } from '@/lib/recovery/restore/scratch-server'
import { addressOf, startCluster, superuserAddressOf } from './index'
import { scratchFolder } from './testing'

/** An operator that fits what a superuser may ask better than PostgreSQL's own, and makes whoever made it one. */
const TRAP = `
  create function trap(one oid, other regrole) returns boolean language plpgsql as $$
  begin
    if (select rolsuper from pg_roles where rolname = current_user) then
      execute 'alter role holdfast_app superuser';
    end if;
    return one operator(pg_catalog.=) other::oid;
  end $$;
  create operator public.= (leftarg = oid, rightarg = regrole, function = trap)`

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
    // What it makes in its own schemas no superuser comes upon at the next start.
    await application.sql.unsafe(TRAP)
    await application.close()
    await cluster.stop()
    cluster = await startCluster({ dataDir: scratch.path })
    const after = connect(await findLeader(addressOf(cluster)), { max: 1 })
    expect(await after.sql`select rolsuper from pg_roles where rolname = current_user`).toEqual([
      { rolsuper: false },
    ])
    await after.close()
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
async function superuserOf(folder: string): Promise<string | undefined> {
  writeFileSync(join(folder, 'standby.signal'), '')
  const server = await startScratch({
    folder,
    settings: { restore_command: 'false' },
    until: 0,
    onReplay: () => {},
    abort: AbortSignal.timeout(60_000),
  })
  try {
    const [row] = await server.asSuperuser((db) =>
      db.execute<{ name: string; super: boolean; path: string }>(sql`
        select rolname as name, rolsuper as super, current_setting('search_path') as path
        from pg_roles where rolname = current_user`),
    )
    expect(row).toMatchObject({ super: true, path: 'pg_catalog' })
    return row?.name
  } finally {
    await server.stop()
  }
}
