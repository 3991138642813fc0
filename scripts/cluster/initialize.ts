// The first start: a new database cluster for the member that leads.
import { appendFile, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFolder } from '@/lib/durable'
import type { Binaries } from '@/lib/postgres/binaries'
import { run } from '@/lib/postgres/run'
import type { RunAs } from '@/lib/postgres/run-as'
import { explain } from './failures'
import { CLUSTER, dataFolder, type Home, type MemberName } from './home'
import type { Session } from './session'
import { REPLICATOR } from './settings'
import type { Secrets } from './state'

/** Makes the data folder of `member` with initdb; it appears under its name only when complete. */
export async function initialize(
  home: Home,
  member: MemberName,
  binaries: Binaries,
  runAs: RunAs,
  secrets: Secrets,
  abort: AbortSignal,
): Promise<void> {
  const folder = dataFolder(home, member)
  const fresh = `${folder}.new`
  const passwordFile = `${folder}.password`
  try {
    await rm(fresh, { recursive: true, force: true })
    await mkdir(fresh, { mode: 0o700 })
    await writeFile(passwordFile, secrets.password, { mode: 0o600 })
    const options = [
      `--pgdata=${fresh}`,
      `--username=${CLUSTER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--data-checksums',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
    ]
    // One call to sync the file system instead of a thousand; Linux only.
    if (process.platform === 'linux') options.push('--sync-method=syncfs')
    await run(runAs, binaries.initdb, options, abort)
    await appendFile(join(fresh, 'postgresql.conf'), "\ninclude = 'holdfast.conf'\n")
    await rename(fresh, folder)
    await syncFolder(home.root)
  } catch (error) {
    const output = error instanceof Error ? error.message : String(error)
    throw new Error(explain(`PostgreSQL could not make its data folder ${folder}`, output, home.root))
  } finally {
    await rm(passwordFile, { force: true })
    await rm(fresh, { recursive: true, force: true })
  }
}

/** Makes the database and the replication user, unless they are there. */
export async function createDatabase(session: Session, secrets: Secrets): Promise<void> {
  await session.run(async (sql) => {
    const [found] = await sql<{ replicator: boolean; database: boolean }[]>`
      select exists (select from pg_roles where rolname = ${REPLICATOR}) as replicator,
             exists (select from pg_database where datname = ${CLUSTER}) as database`
    if (!found?.replicator) {
      // The password is base64url: nothing in it needs quoting.
      await sql.unsafe(
        `create role ${REPLICATOR} login replication password '${secrets.replicationPassword}'`,
      )
    }
    if (!found?.database) await sql.unsafe(`create database ${CLUSTER}`)
  }, 60_000)
}
