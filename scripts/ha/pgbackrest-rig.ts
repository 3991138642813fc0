import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { asUser, chooseRunAs, give, type RunAs } from '@/lib/postgres/run-as'
import { runPgBackRest, type Settings } from '@/lib/recovery/backups/pgbackrest/command'
import { eventually } from '@/scripts/cluster/testing'
import { bringPackages, HA_CACHE, type Packages } from './packages'
import { configure, wrap } from './pgbackrest-config'
import { Program } from './process'

export const STANZA = 'holdfast'
const HOST = '127.0.0.1'
const START_MS = 30_000

/** A server that runs, and what asks it. */
export interface Server {
  sql: postgres.Sql
  stop(): Promise<void>
}

/** One PostgreSQL 15 that archives into two repositories of pgBackRest, with a cipher each. */
export interface BackupRig {
  settings: Settings
  /** Of the server's own database. */
  address: string
  sql: postgres.Sql
  /** The folders of the repositories. */
  repositories: [string, string]
  /** Settings whose configuration has another text in the place of one. */
  changed(from: string, to: string): Settings
  /** An empty folder that the servers can use. */
  makeFolder(name: string): string
  /** What this process needs in its environment to run the same programs. */
  environment: Record<string, string>
  /** Starts a server on restored files, reachable from here alone. */
  start(folder: string, settings: Record<string, string>): Server
  stop(): Promise<void>
}

/** Starts it all with the configuration of `deploy/pgbackrest`. @throws Unavailable where the packages cannot be had */
export async function pgBackRestRig(): Promise<BackupRig> {
  const packages = bringPackages(HA_CACHE)
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-pgbackrest-'))
  const runAs = chooseRunAs(join(packages.postgres, 'postgres'), folder)
  const makeFolder = (name: string) => {
    const path = join(folder, name)
    mkdirSync(path, { recursive: true, mode: 0o700 })
    give(runAs, path)
    return path
  }
  const env = { ...packages.env, LC_ALL: 'C', TZ: 'UTC' }
  const base = 21_000 + (process.pid % 500) * 10
  let started = 0
  const servers: Server[] = []
  const start = (data: string, settings: Record<string, string>): Server => {
    const port = base + started
    started += 1
    const options = {
      ...settings,
      port: String(port),
      listen_addresses: HOST,
      unix_socket_directories: sockets,
    }
    const args = Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const log = join(folder, `server-${started}.log`)
    const program = new Program(runAs, [join(packages.postgres, 'postgres'), '-D', data, ...args], env, log)
    program.start()
    const sql = postgres({ host: HOST, port, user: 'postgres', database: 'postgres', onnotice: () => {} })
    let stopped = false
    const server = {
      sql,
      stop: async () => {
        if (stopped) return
        stopped = true
        await sql.end({ timeout: 1 }).catch(() => {})
        // Fast; SIGTERM would wait for whoever is connected.
        program.signal('SIGINT')
        await program.stop()
      },
    }
    servers.push(server)
    return server
  }
  const sockets = makeFolder('s')
  const data = makeFolder('data')
  const repositories: [string, string] = [makeFolder('repo1'), makeFolder('repo2')]
  const config = join(folder, 'pgbackrest.conf')
  const text = configure(folder, data, base, makeFolder)
  writeFileSync(config, text, { mode: 0o644 })
  const settings = { binary: wrap(folder, packages, runAs), config, stanza: STANZA }
  const rig = {
    settings,
    address: `postgres://postgres@${HOST}:${base}/postgres`,
    environment: {
      PATH: `${folder}:${process.env.PATH}`,
      LD_LIBRARY_PATH: packages.env.LD_LIBRARY_PATH ?? '',
      HOLDFAST_POSTGRES_BIN: packages.postgres,
    },
    repositories,
    makeFolder,
    start,
    changed: (from: string, to: string) => {
      const other = join(folder, `changed-${encodeURIComponent(to).slice(0, 40)}.conf`)
      writeFileSync(other, text.replace(from, to), { mode: 0o644 })
      return { ...settings, config: other }
    },
    stop: async () => {
      await Promise.all(servers.map((server) => server.stop()))
      await rm(folder, { recursive: true, force: true })
    },
  }
  try {
    initialize(packages, runAs, env, data)
    const { sql } = start(data, {
      archive_mode: 'on',
      // As deploy/patroni/patroni.yml has it.
      archive_command: `${settings.binary} --config=${config} --stanza=${STANZA} --pg1-path="$PWD" archive-push %p`,
      shared_buffers: '64MB',
    })
    await eventually(
      'the server answers',
      async () => (await sql`select 1`.catch(() => null)) !== null,
      START_MS,
    )
    await runPgBackRest(settings, 'stanza-create')
    await runPgBackRest(settings, 'check')
    return { ...rig, sql }
  } catch (error) {
    await rig.stop()
    throw error
  }
}

function initialize(packages: Packages, runAs: RunAs, env: Record<string, string>, data: string): void {
  const args = ['-D', data, '-U', 'postgres', '--auth=trust', '--data-checksums']
  const { file, args: given, options } = asUser(runAs, join(packages.postgres, 'initdb'), args)
  execFileSync(file, given, { ...options, cwd: '/', env: env as NodeJS.ProcessEnv, stdio: 'pipe' })
}
