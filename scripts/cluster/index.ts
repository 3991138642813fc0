// The local engine: two real PostgreSQL servers, a leader and a streaming standby, for a start without any
// other service. This is the caller's side; ./main is the process that runs them, ./supervisor what it does:
//   before a start    prepare: home, lock, state, ports, binaries, run-as · initialize: initdb · settings
//   one server        server: start, watch, restart, stop · processes: what was left running
//   two servers       standby: when to make it again · clone: how · synchronous: when commits wait for it
//   for others        facts: asked from PostgreSQL · patroni: as Patroni says them · rest: over HTTP
import { type ChildProcess, fork } from 'node:child_process'
import { closeSync, mkdirSync, openSync, statSync, truncateSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { openHome } from './home'
import type { ClusterAddress } from './supervisor'

export interface Cluster extends ClusterAddress {
  /** The process id of the supervisor. */
  pid: number
  /** Stops the members in order and resolves when they have ended; also fine when called twice. */
  stop(): Promise<void>
  /** Resolves when the supervisor has ended, for whatever reason. */
  ended: Promise<void>
}

type Message =
  | { type: 'log'; line: string }
  | { type: 'ready'; cluster: ClusterAddress }
  | { type: 'failed'; message: string }

/**
 * Starts (or makes, on first use) the two-member cluster in `dataDir/cluster`; resolves when the leader takes
 * writes and the standby streams. Runs it in a child process that stops PostgreSQL when the caller dies.
 * Rejects with one clear line: folder in use, of another PostgreSQL version, disk full, no PostgreSQL here.
 */
export async function startCluster(options: {
  dataDir: string
  onLog?: (line: string) => void
}): Promise<Cluster> {
  const dataDir = resolve(options.dataDir)
  const logFile = openLog(dataDir)
  const child = fork(join(dirname(fileURLToPath(import.meta.url)), 'main.ts'), [dataDir], {
    // The full path, because `--import tsx` would be looked up from the caller's working directory.
    execArgv: ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href],
    stdio: ['ignore', logFile.descriptor, logFile.descriptor, 'ipc'],
    // Away from the terminal: Ctrl-C reaches the caller alone, who may still have records to write.
    detached: true,
  })
  closeSync(logFile.descriptor)
  const exit = new Promise<void>((done) => child.once('exit', () => done()))
  // The exit may be known before the last message is read; the channel closes after it.
  const closed = new Promise<void>((done) => child.once('disconnect', () => done()))
  const ended = Promise.all([exit, closed]).then(() => {})
  const cluster = await new Promise<ClusterAddress>((ready, fail) => {
    child.on('message', (message: Message) => {
      if (message.type === 'log') options.onLog?.(message.line)
      else if (message.type === 'ready') ready(message.cluster)
      else fail(new Error(message.message))
    })
    child.once('error', fail)
    ended.then(() => fail(new Error(`The local cluster ended while starting; ${logFile.path} says why.`)))
  })
  return { ...cluster, pid: child.pid as number, stop: () => stop(child, ended), ended }
}

/** The address of a cluster's database that names every member; whichever leads is used. */
export const addressOf = (cluster: ClusterAddress): string => addressAs(cluster, cluster, cluster.database)

/** The same for a superuser, of any database. */
export const superuserAddressOf = (cluster: ClusterAddress, database: string): string =>
  addressAs(cluster.superuser, cluster, database)

function addressAs(
  { user, password }: { user: string; password: string },
  { members }: ClusterAddress,
  database: string,
): string {
  const hosts = members.map(({ host, port }) => `${host}:${port}`).join(',')
  return `postgres://${user}:${encodeURIComponent(password)}@${hosts}/${database}`
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.connected) child.send('stop', () => {})
  await ended
}

function openLog(dataDir: string): { path: string; descriptor: number } {
  const home = openHome(dataDir)
  mkdirSync(home.log, { recursive: true, mode: 0o700 })
  const path = join(home.log, 'supervisor.log')
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 1_000_000) truncateSync(path)
  return { path, descriptor: openSync(path, 'a', 0o600) }
}
