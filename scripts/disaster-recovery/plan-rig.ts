// For the test of the plan: a cluster of the local engine as `npm start` leaves it, and a shell that runs the plan’s commands on it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { delimiter, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { type Connection, connect, findLeader } from '@/db/connect'
import { asUser, type RunAs } from '@/lib/postgres/run-as'
import { addressOf, type Cluster } from '@/scripts/cluster'
import { type BackupRig, startBackupRig } from '@/scripts/cluster/backup-rig'
import { memberOf, postmasterOf, scratchFolder, untilSynchronous } from '@/scripts/cluster/testing'
import { descendants, kill } from '@/scripts/ha/process'
import { ensureProject, ensureUsers, sessionSecret, writeCredentials } from '@/scripts/start/credentials'
import { freePort } from '@/scripts/test/start-product'

/** By method and path. */
export type Routes = Record<string, (request: Request) => Response | Promise<Response>>

export interface Ran {
  code: number
  output: string
}

export interface PlanRig extends BackupRig {
  /** Where `/mnt/kit` of the plan is. */
  kit: string
  /** Asks whoever leads by now. */
  ask<T>(work: (sql: Connection['sql']) => Promise<T>): Promise<T>
  /** The port that a server on a restored folder gets. */
  restoredPort: number
  /**
   * Runs commands of the plan in a shell, with their places replaced.
   *
   * @param change replaces what stands for a value of the incident, such as a time
   */
  run(commands: string, change?: Record<string, string>, options?: RunOptions): Promise<Ran>
}

interface RunOptions {
  /** Another data folder than that of the cluster. */
  dataDir?: string
  /** As the user that owns the members’ files. */
  asOwner?: boolean
  /** What is typed where the cluster’s name is asked for. */
  types?: string
}

/** Starts the cluster, with accounts, keys and a credentials file, and the routes that the plan asks by `curl`. */
export async function startPlanRig(routes: Routes): Promise<PlanRig> {
  const rig = await startBackupRig({ cutsOver: true })
  const places = scratchFolder()
  const kit = join(places.path, 'kit')
  mkdirSync(kit)
  const { users } = await ensureUsers(rig.connection, undefined, false)
  const { project } = await ensureProject(rig.connection, undefined)
  writeCredentials(rig.dataDir, { url: '', users, project, cluster: { members: rig.cluster.members } })
  sessionSecret(rig.dataDir)
  const { keepRecord } = await import('@/lib/access/record/keep')
  await keepRecord(rig.connection.db, rig.dataDir)
  const { server, url } = await serve(routes)
  const restoredPort = await freePort()
  const path = [process.env.PATH, bringPsql(places.path)].join(delimiter)
  const run: PlanRig['run'] = (
    commands,
    change = {},
    { dataDir = rig.dataDir, asOwner = false, types } = {},
  ) => {
    const text = replaceAll(commands, {
      ...change,
      '$PWD/.holdfast': dataDir,
      './.holdfast': dataDir,
      '.holdfast': dataDir,
      '/mnt/second': rig.secondary,
      '/mnt/kit': kit,
      'http://localhost:3000': url,
      '5499': String(restoredPort),
    })
    return shell(
      text,
      { HOLDFAST_DATA_DIR: dataDir, PATH: path },
      asOwner ? ownerOf(rig.dataDir) : null,
      types,
    )
  }
  const ask: PlanRig['ask'] = async (work) => {
    const { sql, close } = connect(await findLeader(addressOf(rig.cluster)), { max: 1 })
    return work(sql).finally(close)
  }
  return {
    ...rig,
    kit,
    ask,
    count: (name) =>
      ask(async (sql) => (await sql`select count(*)::int as n from user_events where name = ${name}`)[0]?.n),
    restoredPort,
    run,
    async stop() {
      server.close()
      server.closeAllConnections()
      await rig.stop()
      places.remove()
    },
  }
}

/** Ends the leader’s processes and removes its data: the engine cannot start it again. Resolves when its standby has missed it. */
export async function loseLeader({ dataDir }: BackupRig, name: string): Promise<void> {
  const server = postmasterOf(dataDir, name)
  if (server !== null) for (const pid of [server, ...descendants(server)]) kill(pid, 'SIGKILL')
  rmSync(join(dataDir, 'cluster', name), { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  // Within five seconds of a standby’s last word with it nobody may say that it is lost.
  await sleep(6_000)
}

/** Presses *Reinitialize*. */
export async function reinitialize({ cluster }: BackupRig, name: string): Promise<void> {
  await order(cluster, name, 'POST', '/reinitialize', { force: true })
  await untilSynchronous(cluster, name)
}

/** Presses *Pause*, or *Resume*. */
export const pause = ({ cluster }: BackupRig, paused: boolean): Promise<void> =>
  order(cluster, 'a', 'PATCH', '/config', { pause: paused })

async function order(
  cluster: Cluster,
  name: string,
  method: string,
  path: string,
  body: object,
): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${memberOf(cluster, name).restPort}${path}`, {
    method,
    headers: { authorization: `Basic ${Buffer.from(cluster.restAuth).toString('base64')}` },
    body: JSON.stringify(body),
  })
  if (response.status !== 200) throw new Error(await response.text())
}

/** Lets the cool-down after a promotion pass: its time is that of the timeline’s file. */
export function passCoolDown({ dataDir }: BackupRig, timeline: number): void {
  const hourAgo = Date.now() / 1000 - 3_600
  const file = `${timeline.toString(16).toUpperCase().padStart(8, '0')}.history`
  for (const member of ['a', 'b']) {
    try {
      utimesSync(join(dataDir, 'cluster', member, 'pg_wal', file), hourAgo, hourAgo)
    } catch {
      // One that was made anew has no such file.
    }
  }
}

/** Answers as the web server does, of the routes alone: that is what can be had without a build. */
async function serve(routes: Routes): Promise<{ server: Server; url: string }> {
  const server = createServer(async (incoming, outgoing) => {
    const { method = '', url = '', headers } = incoming
    const handler = routes[`${method} ${url}`]
    const body = method === 'GET' ? undefined : Buffer.concat(await incoming.toArray())
    const answer = await handler?.(
      new Request(`http://${headers.host}${url}`, { method, headers: headers as HeadersInit, body }),
    )
    outgoing.writeHead(answer?.status ?? 404, Object.fromEntries(answer?.headers ?? []))
    outgoing.end(await answer?.text())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

/** A folder with a `psql`, for machines that have none. It comes last in the path. */
function bringPsql(folder: string): string {
  const path = join(folder, 'psql')
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  const script = resolve('scripts/disaster-recovery/psql-for-tests.ts')
  writeFileSync(path, `#!/bin/sh\nexec "${process.execPath}" --import ${tsx} "${script}" "$@"\n`)
  chmodSync(path, 0o755)
  return folder
}

const ownerOf = (dataDir: string): RunAs =>
  JSON.parse(readFileSync(join(dataDir, 'cluster', 'state.json'), 'utf8')).runAs

/** Longest first, and each once: what was put in is not replaced again. */
function replaceAll(text: string, change: Record<string, string>): string {
  const names = Object.keys(change).sort((a, b) => b.length - a.length)
  const pattern = new RegExp(names.map((name) => name.replace(/[$.*+?^{}()|[\]\\]/g, '\\$&')).join('|'), 'g')
  return text.replace(pattern, (name) => change[name] as string)
}

/** Runs it as a person would, who gives a reason and types the cluster’s name when they are asked. */
function shell(
  text: string,
  env: Record<string, string>,
  owner: RunAs | null,
  name = 'holdfast',
): Promise<Ran> {
  const { file, args, options } = owner
    ? asUser(owner, 'sh', ['-c', text])
    : { file: 'sh', args: ['-c', text], options: {} }
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(HOLDFAST|BACKUP|DATABASE|NEXTAUTH|VITEST|NODE_)/.test(name),
    ),
  )
  const child = spawn(file, args, { ...options, env: { ...clean, ...env } as NodeJS.ProcessEnv })
  let output = ''
  const answers = [
    { to: 'Why? (for the journal)', with: 'a rehearsal of the plan' },
    { to: 'Type holdfast to go on', with: name },
  ]
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk
      for (const answer of answers.filter(({ to }) => output.includes(to))) {
        answers.splice(answers.indexOf(answer), 1)
        child.stdin.write(`${answer.with}\n`)
      }
    })
  return new Promise((done, fail) => {
    child.once('error', fail)
    child.once('close', (code) => done({ code: code ?? 1, output }))
  })
}
