// For tests of tasks by pgBackRest: its rig, with Holdfast's schema, and tasks that run in this process.
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Connection, connect } from '@/db/connect'
import { makeTaskRig, type TaskRig } from '@/scripts/test/tasks'
import { type BackupRig, pgBackRestRig } from './pgbackrest-rig'

export interface PgBackRestTaskRig extends TaskRig, Pick<BackupRig, 'repositories' | 'settings'> {
  connection: Connection
  dataDir: string
  /** Has another text in the place of one in the configuration that all use, servers too, until the work is done. */
  whileChanged(from: string, to: string, work: () => Promise<void>): Promise<void>
  stop(): Promise<void>
}

/** Starts it all, with a server that no engine knows, and sets this process's environment to it: before `lib` reads it. */
export async function startTaskRig(): Promise<PgBackRestTaskRig> {
  const rig = await pgBackRestRig()
  const dataDir = mkdtempSync(join(tmpdir(), 'holdfast-tasks-'))
  // The servers' user passes through it to what is restored.
  chmodSync(dataDir, 0o711)
  Object.assign(process.env, {
    ...rig.environment,
    DATABASE_URL: rig.address,
    NEXTAUTH_SECRET: 'a secret for tests only',
    HOLDFAST_DATA_DIR: dataDir,
    HOLDFAST_MEMBERS: '[]',
    BACKUP_PROVIDER: 'pgbackrest',
    BACKUP_PGBACKREST_CONFIG: rig.settings.config,
    BACKUP_STANZA: rig.settings.stanza,
  })
  const connection = connect(rig.address, { max: 4 })
  const tasks = await makeTaskRig(connection)
  return {
    repositories: rig.repositories,
    settings: rig.settings,
    connection,
    dataDir,
    ...tasks,
    async whileChanged(from, to, work) {
      const path = rig.settings.config as string
      const text = readFileSync(path, 'utf8')
      writeFileSync(path, text.replace(from, to))
      try {
        await work()
      } finally {
        writeFileSync(path, text)
      }
    },
    async stop() {
      await connection.close()
      await rig.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
