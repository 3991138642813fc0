// Real servers, real faults. The tests go on with one cluster, in order; each leaves it healthy.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { processIdentity } from '@/lib/process-identity'
import { inSeconds, measured } from '@/scripts/test/measured'
import { type Cluster, startCluster } from './index'
import { clientOf, eventually, postmasterOf, scratchFolder, untilSynchronous } from './testing'

const here = dirname(fileURLToPath(import.meta.url))
const folder = scratchFolder()
const dataDir = folder.path
const logged: string[] = []
let cluster: Cluster

async function start(): Promise<number> {
  const begun = Date.now()
  cluster = await startCluster({ dataDir, onLog: (line) => logged.push(line) })
  return Date.now() - begun
}

function kill(member: string): void {
  const pid = postmasterOf(dataDir, member)
  expect(pid).toBeGreaterThan(0)
  process.kill(pid as number, 'SIGKILL')
}

/**
 * Deletes the data folder of a member whose server runs: out of its place in one step, since a slow removal there would go
 * on in the folder that is made anew meanwhile; then what is in it, again until the server writes no more.
 */
async function deleteFolder(member: string): Promise<void> {
  const deleted = join(dataDir, `${member}-deleted`)
  renameSync(join(dataDir, 'cluster', member), deleted)
  await eventually('the deleted folder is empty', async () => {
    await rm(deleted, { recursive: true, force: true })
    return true
  })
}

async function lastId(member: string): Promise<number> {
  const sql = clientOf(cluster, member)
  try {
    const [row] = await sql<{ id: number }[]>`select coalesce(max(id), 0) as id from notes`
    return row?.id ?? 0
  } finally {
    await sql.end({ timeout: 0 })
  }
}

/**
 * Inserts one row after another, while `during` runs; answers the acknowledged ids and the longest silence.
 */
async function writing(during: () => Promise<void>): Promise<{ ids: number[]; longestGap: number }> {
  const sql = clientOf(cluster, 'a')
  const ids: number[] = []
  let done = false
  let last = Date.now()
  let longestGap = 0
  const writer = (async () => {
    for (let id = (await lastId('a')) + 1; !done; id++) {
      const written = sql`insert into notes (id) values (${id})`.then(
        () => true,
        () => false,
      )
      if (await Promise.race([written, sleep(15_000, false)])) {
        ids.push(id)
        longestGap = Math.max(longestGap, Date.now() - last)
        last = Date.now()
      } else {
        await sleep(20)
      }
    }
  })()
  try {
    await sleep(300)
    await during()
  } finally {
    done = true
    await writer
    await sql.end({ timeout: 0 })
  }
  return { ids, longestGap }
}

async function allThere(member: string, ids: number[]): Promise<void> {
  const sql = clientOf(cluster, member)
  const rows = await sql<{ id: number }[]>`select id from notes`
  await sql.end({ timeout: 0 })
  const there = new Set(rows.map((row) => row.id))
  expect(ids.filter((id) => !there.has(id))).toEqual([])
}

beforeAll(async () => {
  measured('first start', inSeconds(await start()))
  measured('synchronous after', inSeconds((await untilSynchronous(cluster, 'b')).took))
  const sql = clientOf(cluster, 'a')
  await sql`create table notes (id int primary key)`
  await sql.end()
})

afterAll(async () => {
  await cluster?.stop()
  folder.remove()
})

test('what is written on the leader appears on the standby', async () => {
  const sql = clientOf(cluster, 'a')
  await sql`insert into notes values (1), (2), (3)`
  const [settings] = await sql`
    select current_setting('data_checksums') as checksums, current_setting('listen_addresses') as listens,
           current_setting('synchronous_standby_names') as names, lower('É') as lower`
  await sql.end()
  expect(settings).toEqual({ checksums: 'on', listens: '127.0.0.1', names: '"b"', lower: 'é' })
  await eventually('3 rows on b', async () => (await lastId('b')) === 3)
  const standby = clientOf(cluster, 'b')
  await expect(standby`insert into notes values (4)`).rejects.toThrow(/read-only/)
  await standby.end()
})

test('WAL is archived', async () => {
  const sql = clientOf(cluster, 'a')
  const [row] = await sql<{ name: string }[]>`
    select pg_walfile_name(pg_current_wal_lsn()) as name from (select pg_logical_emit_message(true, 'x', 'y')) as m`
  await sql`select pg_switch_wal()`
  await sql.end()
  const archive = join(dataDir, 'repository', 'wal')
  await eventually('the segment is there', () => readdirSync(archive).includes(`${row?.name}.gz`))
})

test('a second start on the folder is refused', async () => {
  await expect(startCluster({ dataDir })).rejects.toThrow(/is already in use by process \d+/)
})

test('the leader is back after kill -9, with every acknowledged row', async () => {
  let took = 0
  const { ids, longestGap } = await writing(async () => {
    const before = await lastId('a')
    kill('a')
    await sleep(20)
    took = (await eventually('writable again', async () => (await lastId('a')) > before)).took
    await untilSynchronous(cluster, 'b')
  })
  measured('leader back after kill -9', inSeconds(took))
  measured('longest time without a commit', inSeconds(longestGap))
  expect(longestGap).toBeLessThan(10_000)
  await allThere('a', ids)
})

test('writes go on without the standby, and wait for it again when it is back', async () => {
  const { ids, longestGap } = await writing(async () => {
    kill('b')
    await untilSynchronous(cluster, 'b')
  })
  measured('longest time without a commit, standby killed', inSeconds(longestGap))
  expect(longestGap).toBeLessThan(5000)
  await eventually('b has all', () => allThere('b', ids).then(() => true))
})

test('a deleted standby is made again', async () => {
  const { ids, longestGap } = await writing(async () => {
    const rebuilt = () => logged.some((line) => line.startsWith('making b from a, because'))
    logged.length = 0
    const begun = Date.now()
    await deleteFolder('b')
    await eventually('the rebuild begins', rebuilt)
    await eventually('the rebuild ends', () => logged.some((line) => line.startsWith('b was made in')))
    await untilSynchronous(cluster, 'b')
    measured('standby deleted, synchronous again after', inSeconds(Date.now() - begun))
  })
  expect(longestGap).toBeLessThan(6000)
  await eventually('b has all', () => allThere('b', ids).then(() => true))
})

test('a corrupt standby is made again', async () => {
  truncateSync(join(dataDir, 'cluster', 'b', 'global', 'pg_control'), 100)
  logged.length = 0
  kill('b')
  await eventually('made', () => logged.some((line) => line.startsWith('b was made in')))
  await untilSynchronous(cluster, 'b')
  expect(logged).toContain('making b from a, because it does not start')
})

test('stop and start keep data, ports and passwords', async () => {
  const before = await lastId('a')
  const { password, members } = cluster
  const begun = Date.now()
  await cluster.stop()
  measured('stop', inSeconds(Date.now() - begun))
  expect(Date.now() - begun).toBeLessThan(5000)
  expect([postmasterOf(dataDir, 'a'), postmasterOf(dataDir, 'b')]).toEqual([null, null])
  measured('second start', inSeconds(await start()))
  expect({ password: cluster.password, members: cluster.members }).toEqual({ password, members })
  expect(await lastId('a')).toBe(before)
})

test('after its supervisor was killed, the servers that it left are stopped and started again', async () => {
  const left = [postmasterOf(dataDir, 'a') as number, postmasterOf(dataDir, 'b') as number]
  process.kill(cluster.pid, 'SIGKILL')
  await cluster.ended
  expect(left.every((pid) => processIdentity(pid) !== null)).toBe(true)
  await start()
  expect(left.every((pid) => processIdentity(pid) === null)).toBe(true)
  await untilSynchronous(cluster, 'b')
})

test('a data folder of another PostgreSQL version is refused', async () => {
  await cluster.stop()
  const path = join(dataDir, 'cluster', 'a', 'PG_VERSION')
  const version = readFileSync(path, 'utf8')
  writeFileSync(path, '17\n')
  await expect(start()).rejects.toThrow(/was made by PostgreSQL 17; this is 18\./)
  writeFileSync(path, version)
})

test('nothing is left when the caller is killed', async () => {
  const script = `
    const { startCluster } = await import(${JSON.stringify(pathToFileURL(join(here, 'index.ts')).href)})
    await startCluster({ dataDir: process.argv[1] })
    process.send('ready')`
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  const caller = fork('-e', [], {
    execArgv: ['--import', tsx, '--input-type=module', '-e', script, dataDir],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  await once(caller, 'message')
  const pids = [postmasterOf(dataDir, 'a') as number, postmasterOf(dataDir, 'b') as number]
  expect(pids.every((pid) => processIdentity(pid) !== null)).toBe(true)
  caller.kill('SIGKILL')
  const { took } = await eventually('no postgres is left', () => {
    return pids.every((pid) => processIdentity(pid) === null)
  })
  measured('caller killed, all gone after', inSeconds(took))
})
