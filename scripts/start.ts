import { existsSync, mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import type { Connection } from '@/db/connect'
import { addressOf, type Cluster, startCluster } from '@/scripts/cluster'
import { seedDemo } from '@/scripts/seed'
import { buildIfStale } from '@/scripts/start/build'
import { type Child, runChild } from '@/scripts/start/child'
import {
  credentialsPath,
  ensureProject,
  ensureUsers,
  readCredentials,
  sessionSecret,
  writeCredentials,
} from '@/scripts/start/credentials'
import { prepareDatabase } from '@/scripts/start/database'
import { readOptions, StartError, type StartOptions, usage } from '@/scripts/start/options'
import { watchNpm } from '@/scripts/start/watch-npm'

const say = (line: string) => console.log(line)
const children: Child[] = []
let cluster: Cluster | undefined
let stopping: Promise<void> | undefined

/** Ends what was started, the web server first and the cluster last; a second call waits for the first. */
function stopAll(): Promise<void> {
  stopping ??= (async () => {
    await Promise.all(children.map((child) => child.stop()))
    await cluster?.stop()
  })()
  return stopping
}

async function start(options: StartOptions): Promise<void> {
  await checkPort(options.port)
  mkdirSync(options.dataDir, { recursive: true, mode: 0o711 })
  const building = buildIfStale(say)
  building.catch(() => {})
  const address = process.env.DATABASE_URL ?? (await startLocal(options.dataDir))
  const connection = await prepareDatabase(address)
  const { project, unknown } = await prepareAccess(connection, options).finally(() => connection.close())
  await building
  if (stopping) return

  const env = {
    NODE_ENV: 'production',
    PORT: String(options.port),
    DATABASE_URL: address,
    NEXTAUTH_SECRET: process.env.NEXTAUTH_SECRET ?? sessionSecret(options.dataDir),
    NEXTAUTH_URL: url(options),
    AUTH_TRUST_HOST: 'true',
    NEXT_TELEMETRY_DISABLED: '1',
    HOLDFAST_DATA_DIR: options.dataDir,
    HOLDFAST_MEMBERS: JSON.stringify(cluster?.members ?? []),
    HOLDFAST_CLUSTER: cluster?.name ?? 'database',
  }
  const run = (script: string) => {
    const child = runChild(script, env, (code) => say(`${script} ended with ${code}; starting it again.`))
    children.push(child)
    return child.ready
  }
  await Promise.all([run('scripts/web.ts'), run('scripts/worker.ts')])

  say('')
  say(`Holdfast is ready at ${url(options)}`)
  if (unknown) say('The accounts were made by another start; --reset-passwords gives them new passwords.')
  say(
    `Sign in with the e-mail and password of admin, operator or viewer in ${credentialsPath(options.dataDir)}`,
  )
  say(`Project ${project.name}: its write key and secret key are there too. Ctrl-C stops everything.`)
}

const url = (options: StartOptions): string => process.env.NEXTAUTH_URL ?? `http://localhost:${options.port}`

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
  running.ended.then(async () => {
    if (stopping) return
    say('The supervisor of the cluster ended; starting it again.')
    try {
      cluster = await runCluster(dataDir)
    } catch (error) {
      console.error(`The cluster did not start again: ${explain(error)}`)
      await end(1)
    }
  })
  return running
}

async function prepareAccess(connection: Connection, options: StartOptions) {
  const known = readCredentials(options.dataDir)
  const { users, unknown } = await ensureUsers(connection, known?.users, options.resetPasswords)
  const { project, made } = await ensureProject(connection, known?.project)
  writeCredentials(options.dataDir, {
    url: url(options),
    users,
    project,
    cluster: { members: cluster?.members ?? [] },
  })
  if (made && options.demo) {
    const { records, ms } = await seedDemo(connection, project.id, new Date())
    say(
      `Demo project: ${records.toLocaleString('en')} records of the last 30 days in ${(ms / 1000).toFixed(1)} s.`,
    )
  }
  return { project, unknown }
}

async function checkPort(port: number): Promise<void> {
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
    probe.listen(port, () => probe.close(() => resolve()))
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
