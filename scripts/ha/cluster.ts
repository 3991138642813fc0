import { randomBytes } from 'node:crypto'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from '@/db/connect'
import { chooseRunAs, give, type RunAs } from '@/lib/postgres/run-as'
import { bringPackages, type Packages } from './packages'
import { Program } from './process'

/** A member of the real cluster: PostgreSQL under Patroni. */
export interface HaMember {
  name: string
  host: string
  port: number
  restPort: number
  folder: string
  patroni: Program
  /** The postmaster's id, while there is one. */
  postmaster(): number | null
}

export interface HaCluster {
  members: HaMember[]
  etcd: Program[]
  /** `user:password` for the members' REST API. */
  auth: string
  /** The address of a database that names every member. */
  address(database?: string): string
  stop(): Promise<void>
}

const NAMES = ['pg1', 'pg2', 'pg3']
const HOST = '127.0.0.1'
const START_MS = 90_000

/**
 * Three members of PostgreSQL 15 under Patroni 3.0.2 with etcd by its v2 API, from Debian's packages, on loopback, with
 * the configuration of `deploy/patroni`. Resolves when one leads and the others stream.
 *
 * @throws Unavailable where the packages cannot be had
 */
export async function startHa(folder: string, cache: string): Promise<HaCluster> {
  const packages = bringPackages(cache)
  mkdirSync(folder, { recursive: true, mode: 0o711 })
  const runAs = chooseRunAs(join(packages.postgres, 'postgres'), folder)
  const base = 20_000 + (process.pid % 500) * 20
  const etcd = startEtcd(folder, packages, runAs, base)
  const password = randomBytes(12).toString('hex')
  const stores = NAMES.map((_, index) => `${HOST}:${base + index}`).join(',')
  const members = NAMES.map((name, index) =>
    makeMember({ name, index, folder, packages, runAs, base, password, stores }),
  )
  const cluster: HaCluster = {
    members,
    etcd,
    auth: `holdfast:${password}`,
    address: (database = 'postgres') =>
      `postgres://postgres:${password}@${members.map(({ port }) => `${HOST}:${port}`).join(',')}/${database}`,
    stop: async () => {
      await Promise.all(members.map(({ patroni }) => patroni.stop()))
      await Promise.all(etcd.map((program) => program.stop()))
    },
  }
  try {
    for (const { patroni } of members) patroni.start()
    await untilStreaming(cluster)
  } catch (error) {
    await cluster.stop()
    throw error
  }
  return cluster
}

function startEtcd(folder: string, { etcd, env }: Packages, runAs: RunAs, base: number): Program[] {
  const peers = NAMES.map((name, index) => `${name}=http://${HOST}:${base + 3 + index}`).join(',')
  return NAMES.map((name, index) => {
    const data = makeFolder(join(folder, `etcd-${name}`), runAs)
    const client = `http://${HOST}:${base + index}`
    const peer = `http://${HOST}:${base + 3 + index}`
    const options = {
      name,
      'data-dir': data,
      'enable-v2': 'true',
      'listen-client-urls': client,
      'advertise-client-urls': client,
      'listen-peer-urls': peer,
      'initial-advertise-peer-urls': peer,
      'initial-cluster': peers,
      'initial-cluster-state': 'new',
      'heartbeat-interval': '200',
      'election-timeout': '2000',
    }
    const args = Object.entries(options).map(([key, value]) => `--${key}=${value}`)
    const program = new Program(runAs, [etcd, ...args], env, join(folder, `etcd-${name}.log`))
    program.start()
    return program
  })
}

interface MemberOptions {
  name: string
  index: number
  folder: string
  packages: Packages
  runAs: RunAs
  base: number
  password: string
  stores: string
}

function makeMember({
  name,
  index,
  folder,
  packages,
  runAs,
  base,
  password,
  stores,
}: MemberOptions): HaMember {
  const [port, restPort] = [base + 6 + index, base + 9 + index]
  const home = makeFolder(join(folder, name), runAs)
  const config = makeFolder(join(home, 'config'), runAs)
  const data = join(home, 'data')
  copyFileSync('deploy/patroni/patroni.yml', join(config, '10-common.yml'))
  const own = {
    name,
    etcd: { hosts: stores },
    restapi: {
      listen: `${HOST}:${restPort}`,
      connect_address: `${HOST}:${restPort}`,
      authentication: { username: 'holdfast', password },
    },
    // Quicker than in production, so that a test need not wait.
    bootstrap: {
      dcs: {
        ttl: 20,
        loop_wait: 2,
        retry_timeout: 5,
        primary_start_timeout: 0,
        // There is no repository here: that has a test of its own.
        postgresql: {
          recovery_conf: { restore_command: '/bin/false' },
          parameters: { archive_command: '/bin/true' },
        },
      },
    },
    postgresql: {
      listen: `${HOST}:${port}`,
      connect_address: `${HOST}:${port}`,
      data_dir: data,
      bin_dir: packages.postgres,
      pgpass: join(home, 'pgpass'),
      authentication: {
        superuser: { username: 'postgres', password },
        replication: { username: 'replicator', password },
        rewind: { username: 'rewind', password },
      },
      parameters: { unix_socket_directories: '', shared_buffers: '64MB', fsync: 'on' },
    },
  }
  // JSON is YAML.
  writeFileSync(join(config, '20-member.yml'), JSON.stringify(own), { mode: 0o644 })
  for (const file of ['10-common.yml', '20-member.yml']) give(runAs, join(config, file))
  const patroni = new Program(
    runAs,
    [...packages.patroni, config],
    { ...packages.env, HOME: home },
    join(folder, `${name}.log`),
  )
  return {
    name,
    host: HOST,
    port,
    restPort,
    folder: data,
    patroni,
    postmaster: () => {
      try {
        return Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0])
      } catch {
        return null
      }
    },
  }
}

function makeFolder(path: string, runAs: RunAs): string {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  give(runAs, path)
  return path
}

/** Until one leads and all others stream from it, as the leader's own statistics say. */
export async function untilStreaming(
  { members }: Pick<HaCluster, 'members'>,
  ms = START_MS,
): Promise<string> {
  for (const deadline = Date.now() + ms; ; await sleep(250)) {
    for (const { restPort, name } of members) {
      const answer = await fetch(`http://${HOST}:${restPort}/patroni`, { signal: AbortSignal.timeout(1_000) })
        .then((response) => response.json() as Promise<{ role: string; replication?: { state: string }[] }>)
        .catch(() => null)
      const leads = answer !== null && ['master', 'primary'].includes(answer.role)
      const streaming = answer?.replication?.filter(({ state }) => state === 'streaming').length ?? 0
      if (leads && streaming === members.length - 1) return name
    }
    if (Date.now() > deadline) throw new Error(`the cluster did not come up within ${ms / 1000} s`)
  }
}

/** Makes a database on the leader. */
export async function createDatabase(address: string, name: string): Promise<void> {
  const { sql, close } = connect(address, { max: 1 })
  await sql.unsafe(`create database ${name}`)
  await close()
}
