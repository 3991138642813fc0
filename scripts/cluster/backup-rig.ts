// For tests of backups: a cluster with a schema, a second repository, and tasks that run in this process.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Connection, connect, findLeader } from '@/db/connect'
import { startScratch } from '@/lib/recovery/restore/scratch-server'
import type { KeptTask } from '@/lib/recovery/tasks/store'
import { giveUpRoot } from '@/scripts/start/give-up-root'
import { makeTaskRig, type TaskRig } from '@/scripts/test/tasks'
import { addressOf, type Cluster, startCluster } from './index'
import { scratchFolder, untilSynchronous } from './testing'

export interface BackupRig extends TaskRig {
  cluster: Cluster
  connection: Connection
  dataDir: string
  /** The folder of the second repository, where that is none of S3. */
  secondary: string
  stop(): Promise<void>
}

/**
 * Starts the cluster and sets the environment of this process to it; to be called before anything of `lib` is used.
 *
 * @param options `env` is more of that environment; with `cutsOver` a process of root's goes on as who runs the cluster, as
 *   the product does: what was restored is the engine's to move
 */
export async function startBackupRig({
  env = {},
  cutsOver = false,
}: {
  env?: Record<string, string>
  cutsOver?: boolean
} = {}): Promise<BackupRig> {
  const data = scratchFolder()
  const away = scratchFolder()
  if (cutsOver) await giveUpRoot(data.path, [away.path])
  const secondary = join(away.path, 'secondary')
  mkdirSync(secondary)
  const cluster = await startCluster({ dataDir: data.path })
  await untilSynchronous(cluster, 'b')
  Object.assign(process.env, {
    DATABASE_URL: addressOf(cluster),
    NEXTAUTH_SECRET: 'a secret for tests only',
    HOLDFAST_DATA_DIR: data.path,
    HOLDFAST_MEMBERS: JSON.stringify(cluster.members),
    HOLDFAST_CLUSTER: cluster.name,
    HOLDFAST_ENGINE_AUTH: cluster.restAuth,
    BACKUP_PROVIDER: 'local',
    BACKUP_REPOSITORY: cluster.repository,
    BACKUP_SECONDARY_STORAGE: secondary,
    ...env,
  })
  const connection = connect(await findLeader(addressOf(cluster)), { max: 4 })
  const tasks = await makeTaskRig(connection)
  return {
    cluster,
    connection,
    dataDir: data.path,
    secondary,
    ...tasks,
    async stop() {
      await connection.close()
      await cluster.stop()
      data.remove()
      away.remove()
    },
  }
}

/** How many events of a name are in what a task has restored, by a server of its own on that folder. */
export async function countIn({ folder }: KeptTask, name: string): Promise<number> {
  const server = await startScratch({
    folder: folder as string,
    settings: {},
    until: null,
    onReplay: () => {},
    abort: new AbortController().signal,
  })
  try {
    const [row] = await server.connection.sql`select count(*)::int as n from user_events where name = ${name}`
    return row?.n
  } finally {
    await server.stop()
  }
}
