import { existsSync, mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { isAbsolute } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { inTime } from '@/lib/in-time'
import { addressOf, type Cluster, startCluster } from '@/scripts/cluster'
import { stopLeftovers } from '@/scripts/cluster/prepare'
import { buildIfStale } from '@/scripts/start/build'
import { type Child, runChild } from '@/scripts/start/child'
import { credentialsPath, readCredentials, sessionSecret } from '@/scripts/start/credentials'
import { giveUpRoot } from '@/scripts/start/give-up-root'
import { readOptions, StartError, type StartOptions, usage } from '@/scripts/start/options'
import { prepareInTime, prepareLater } from '@/scripts/start/prepare'
import { watchNpm } from '@/scripts/start/watch-npm'

/** Between two attempts to start the cluster again, in milliseconds. */
const RETRY_MS = 2_000
/** How long a stop waits for a start that is under way, in milliseconds: it ends by itself when this process has. */
const UNDER_WAY_MS = 15_000

const say = (line: string) => console.log(line)
const children: Child[] = []
let cluster: Cluster | undefined
/** Since the supervisor has ended by itself. */
let restarted: Promise<void> | undefined
let stopping: Promise<void> | undefined

/** Ends what was started, the web server first and the cluster last; a second call waits for the first. */
function stopAll(): Promise<void> {
  stopping ??= (async () => {
    await Promise.all(children.map((child) => child.stop()))
    if (restarted) await inTime(UNDER_WAY_MS, async () => restarted)
    await cluster?.stop()
  })()
  return stopping
}

async function start(options: StartOptions): Promise<void> {
  await checkPort(options)
  const building = buildIfStale(options.basePath, say)
  building.catch(() => {})
  // What is built is of whoever the program is of.
  if (process.getuid?.() === 0) await building
  const { BACKUP_SECONDARY_STORAGE: secondary = '' } = process.env
  await giveUpRoot(options.dataDir, isAbsolute(secondary) ? [secondary] : [])
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 })
  const address = process.env.DATABASE_URL ?? (await startLocal(options.dataDir))
  const wanted = {
    address,
    options,
    members: () => cluster?.members ?? [],
    say,
    ending: () => stopping !== undefined,
  }
  const prepared = await prepareInTime(wanted)
  await building
  if (stopping) return

  const env = {
    NODE_ENV: 'production',
    PORT: String(options.port),
    HOLDFAST_HOST: options.host,
    DATABASE_URL: address,
    NEXTAUTH_SECRET: process.env.NEXTAUTH_SECRET ?? sessionSecret(options.dataDir),
    // As next-auth wants it: with the path of its endpoints.
    NEXTAUTH_URL: `${options.url}/api/auth`,
    HOLDFAST_BASE_PATH: options.basePath,
    NEXT_TELEMETRY_DISABLED: '1',
    HOLDFAST_DATA_DIR: options.dataDir,
    HOLDFAST_MEMBERS: cluster ? JSON.stringify(cluster.members) : (process.env.HOLDFAST_MEMBERS ?? '[]'),
    HOLDFAST_CLUSTER: cluster?.name ?? process.env.HOLDFAST_CLUSTER ?? 'database',
    ...(cluster && {
      HOLDFAST_ENGINE_AUTH: cluster.restAuth,
      BACKUP_PROVIDER: 'local',
      BACKUP_REPOSITORY: cluster.repository,
    }),
  }
  const run = (script: string, more: Record<string, string> = {}) => {
    const child = runChild(script, { ...env, ...more }, (code) =>
      say(`${script} ended with ${code}; starting it again.`),
    )
    children.push(child)
    return child.ready
  }
  await Promise.all([run('scripts/web.ts', trackerKeys(options)), run('scripts/worker.ts')])

  say('')
  say(`Holdfast is ready at ${options.url}`)
  if (isLoopback(options.host)) say('It answers this machine alone; --host 0.0.0.0 opens it to others.')
  if (!prepared) {
    say('No database answers yet: sign-in and the recovery pages work, and the rest will when one does.')
    prepareLater(wanted)
  } else if (prepared.unknown)
    say('The accounts were made by another start; --reset-passwords gives them new passwords.')
  say(
    `Sign in with the e-mail and password of admin, operator or viewer in ${credentialsPath(options.dataDir)}`,
  )
  const project = prepared ? `Project ${prepared.project.name}: its write key` : 'A write key'
  say(`${project} and secret key are there too. Ctrl-C stops everything.`)
}

/** The keys that our own pages record with: as the credentials have them, database or no database. */
function trackerKeys({ dataDir, demo, ownAnalytics }: StartOptions): Record<string, string> {
  const known = readCredentials(dataDir)
  return {
    ...(demo && known && { HOLDFAST_DEMO_KEY: known.project.writeKey }),
    ...(ownAnalytics && known?.own && { HOLDFAST_OWN_KEY: known.own.writeKey }),
  }
}

/** Starts the cluster of a data folder; returns the address of its leader, wherever that is. */
async function startLocal(dataDir: string): Promise<string> {
  say(
    existsSync(credentialsPath(dataDir))
      ? 'Starting PostgreSQL …'
      : 'Making a PostgreSQL leader and its standby …',
  )
  cluster = await runCluster(dataDir)
  return addressOf(cluster)
}

/** Starts the cluster, and again whenever its supervisor ends by itself; it comes back on the same ports. */
async function runCluster(dataDir: string): Promise<Cluster> {
  const running = await startCluster({ dataDir, onLog: (line) => say(`cluster: ${line}`) })
  running.ended.then(() => {
    if (!stopping) restarted = restartCluster(dataDir)
  })
  return running
}

/** Tries until it runs: meanwhile the web server goes on, and shows what is down. */
async function restartCluster(dataDir: string): Promise<void> {
  say('The supervisor of the cluster ended; starting it again.')
  for (let last = ''; !stopping; await sleep(RETRY_MS)) {
    try {
      cluster = await runCluster(dataDir)
      return
    } catch (error) {
      const reason = explain(error)
      if (reason !== last) say(`The cluster did not start again: ${reason} Trying again.`)
      last = reason
    }
  }
  // Nobody else ends what the last supervisor has left running.
  await stopLeftovers(dataDir, say).catch((error) => say(explain(error)))
}

const isLoopback = (host: string): boolean => host === '::1' || host.startsWith('127.')

async function checkPort({ port, host }: StartOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new StartError(
          error.code === 'EADDRINUSE'
            ? `Port ${port} is in use; choose another with --port.`
            : `Port ${port}: ${error.message}`,
        ),
      ),
    )
    probe.listen(port, host, () => probe.close(() => resolve()))
  })
}

async function end(code: number): Promise<void> {
  await stopAll()
  process.exit(code)
}

/** The one line that a fault is told in; only what we did not foresee has a stack. */
function explain(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (error instanceof StartError) return message
  if (code === 'ENOSPC' || code === '53100') return 'The disk is full.'
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return `No permission: ${message}`
  return message
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(0))

try {
  const options = readOptions(process.argv.slice(2))
  if (options === 'help') {
    say(usage)
  } else {
    watchNpm(() => end(0))
    await start(options)
  }
} catch (error) {
  console.error(`Holdfast did not start: ${explain(error)}`)
  await end(1)
}
