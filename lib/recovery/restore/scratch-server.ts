import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { asRole, type Connection, connect, type Db, roleOf } from '@/db/connect'
import { findSuperuser, isStandingStill, type Replay, readReplay } from '@/db/queries/recovery/replay'
import { env } from '@/lib/env'
import { errorCode } from '@/lib/http/database-problem'
import { findPostgres } from '@/lib/postgres/find-postgres'
import { stopPostmaster } from '@/lib/postgres/processes'
import { postgresEnvironment, run } from '@/lib/postgres/run'
import { asUser, chooseRunAs, give, type RunAs } from '@/lib/postgres/run-as'

/** Whom the cluster of `npm start` was made with, and those of most others. */
const SUPERUSERS = ['holdfast', 'postgres']
const NO_SUCH_ROLE = '28000'
const EVERY_MS = 200
/** A replay that stands at the end of its WAL for so long has replayed all, in milliseconds. */
const SETTLED_MS = 1_500

/** A server on a restored folder that nobody else reaches: by a socket in a folder of its own, with archiving off. */
export interface ScratchServer {
  /** As the application, to read what it has. */
  connection: Connection
  /** As a superuser, for what needs one, and who comes upon nothing that the application has made. */
  asSuperuser<T>(work: (db: Db) => Promise<T>): Promise<T>
  /** The LSN that was replayed to, in bytes since 0/0, and the last commit's time. */
  recovered: { lsn: number; at: string | null }
  runAs: RunAs
  stop(): Promise<void>
}

export interface ScratchOptions {
  folder: string
  settings: Record<string, string>
  /** How far it has to get at the least, in bytes since 0/0, where no target makes it stand still. */
  until: number | null
  onReplay: (lsn: number) => void
  abort: AbortSignal
}

/**
 * Starts a server on a restored folder, and waits until it stands still at its target, readable.
 *
 * @throws Error with PostgreSQL's own words when it cannot get there
 */
export async function startScratch({
  folder,
  settings,
  until,
  onReplay,
  abort,
}: ScratchOptions): Promise<ScratchServer> {
  const postgres = await findPostgres(folder)
  const runAs = chooseRunAs(postgres, dirname(folder))
  await prepareFolder(folder)
  // Restored by root the files are of whom they were backed up from: in a namespace, too, they have to be the server's.
  if (process.getuid?.() === 0)
    await run({ uid: 0, gid: 0, namespace: false }, 'chown', ['-R', `${runAs.uid}:${runAs.gid}`, folder])
  const sockets = mkdtempSync(join(tmpdir(), 'holdfast-'))
  give(runAs, sockets)
  const log = join(folder, 'recovery.log')
  const child = launch(postgres, runAs, folder, { ...settings, ...privateSettings(folder, sockets) }, log)
  const server = openByAnyRole(sockets)
  const stop = async () => {
    await server.close()
    if (child.pid && child.exitCode === null) await stopPostmaster(child.pid)
    rmSync(sockets, { recursive: true, force: true })
  }
  try {
    const recovered = await untilStandsStill(server.readReplay, child, log, until, onReplay, abort)
    return { ...server.opened(), recovered, runAs, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/**
 * A connection to a restored server, whose roles are those of its own time: of before the application had one, or of another
 * start. All are trusted there.
 */
function openByAnyRole(sockets: string) {
  const address = env().DATABASE_URL
  const open = (role: string, options: { searchPath?: string } = {}) =>
    connect(asRole(address, role), { name: 'holdfast recovery', max: 2, socket: sockets, ...options })
  const others = [...SUPERUSERS]
  let connection = open(roleOf(address))
  const close = () => connection.close().catch(() => {})
  return {
    close,
    /** Null while it does not answer. */
    readReplay: () =>
      readReplay(connection.db).catch(async (error) => {
        const next = errorCode(error) === NO_SUCH_ROLE ? others.shift() : undefined
        if (next !== undefined) {
          await close()
          connection = open(next)
        }
        return null
      }),
    opened: (): Pick<ScratchServer, 'connection' | 'asSuperuser'> => ({
      connection,
      asSuperuser: async (work) => {
        const superuser = open(await findSuperuser(connection.db), { searchPath: 'pg_catalog' })
        return work(superuser.db).finally(() => superuser.close())
      },
    }),
  }
}

/** Nobody but this machine's owner of the socket's folder reaches it, and it reaches nobody. */
const privateSettings = (folder: string, sockets: string): Record<string, string> => ({
  listen_addresses: '',
  port: '5432',
  unix_socket_directories: sockets,
  hba_file: join(folder, 'holdfast_hba.conf'),
  archive_mode: 'off',
  hot_standby: 'on',
  primary_conninfo: '',
  primary_slot_name: '',
  synchronous_standby_names: '',
  logging_collector: 'off',
  log_destination: 'stderr',
  ssl: 'off',
  shared_buffers: '128MB',
  wal_retrieve_retry_interval: '200ms',
})

async function prepareFolder(folder: string): Promise<void> {
  await writeFile(join(folder, 'holdfast_hba.conf'), 'local all all trust\n', { mode: 0o600 })
  // Debian keeps it elsewhere; PostgreSQL wants one all the same.
  if (!existsSync(join(folder, 'postgresql.conf')))
    await writeFile(join(folder, 'postgresql.conf'), '', { mode: 0o600 })
}

function launch(
  postgres: string,
  runAs: RunAs,
  folder: string,
  settings: Record<string, string>,
  log: string,
): ChildProcess {
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const command = asUser(runAs, postgres, ['-D', folder, ...options])
  const output = openSync(log, 'a', 0o600)
  const child = spawn(command.file, command.args, {
    ...command.options,
    cwd: '/',
    env: postgresEnvironment(),
    stdio: ['ignore', output, output],
    detached: true,
  })
  closeSync(output)
  child.once('error', () => {})
  return child
}

async function untilStandsStill(
  ask: () => Promise<Replay | null>,
  child: ChildProcess,
  log: string,
  until: number | null,
  onReplay: (lsn: number) => void,
  abort: AbortSignal,
): Promise<ScratchServer['recovered']> {
  let last = { lsn: -1, at: Date.now() }
  for (;;) {
    abort.throwIfAborted()
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(explainEnd(log))
    const replay = await ask()
    if (replay) {
      if (replay.lsn !== last.lsn) last = { lsn: replay.lsn, at: Date.now() }
      onReplay(replay.lsn)
      const arrived =
        until === null ? isStandingStill(replay) : replay.lsn >= until && Date.now() - last.at > SETTLED_MS
      if (arrived) return { lsn: replay.lsn, at: replay.lastCommitAt }
    }
    await sleep(EVERY_MS)
  }
}

/** Why recovery ended, by the log's last words. */
function explainEnd(log: string): string {
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n')
  const fatal = lines.findLast((line) => /(FATAL|PANIC):/.test(line))
  if (fatal?.includes('recovery ended before configured recovery target was reached'))
    return 'The WAL ends before the target: no commit, restore point or LSN at or after it was found.'
  return `PostgreSQL ended: ${(fatal ?? lines.at(-1) ?? 'without a word').replace(/^.*(FATAL|PANIC):\s*/, '')}`
}
