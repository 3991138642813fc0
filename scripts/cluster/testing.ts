// For tests: a cluster in a scratch folder, and the waiting that goes with it.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import type { Cluster } from './index'

/** A new folder for a cluster, which `remove` deletes. */
export function scratchFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'holdfast-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/**
 * A superuser's client for one member, with short timeouts; errors of lost connections reach the query, not the
 * process.
 */
export function clientOf(cluster: Cluster, member: string): postgres.Sql {
  const { host, port } = memberOf(cluster, member)
  return postgres({
    host,
    port,
    username: cluster.superuser.user,
    password: cluster.superuser.password,
    database: cluster.database,
    max: 2,
    connect_timeout: 2,
    backoff: () => 0.05,
    onnotice: () => {},
  })
}

export function memberOf(cluster: Cluster, name: string): Cluster['members'][number] {
  const member = cluster.members.find((one) => one.name === name)
  if (!member) throw new Error(`no member ${name}`)
  return member
}

/** The answer of a member's REST API. */
export async function askRest(
  cluster: Cluster,
  member: string,
  path: string,
  method = 'GET',
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`http://127.0.0.1:${memberOf(cluster, member).restPort}${path}`, { method })
  const text = await response.text()
  const json = response.headers.get('content-type') === 'application/json' && text !== ''
  return { status: response.status, body: json ? JSON.parse(text) : { text } }
}

/** The postmaster of a member, from its postmaster.pid. */
export function postmasterOf(dataDir: string, member: string): number | null {
  const path = join(dataDir, 'cluster', member, 'postmaster.pid')
  return existsSync(path) ? Number.parseInt(readFileSync(path, 'utf8'), 10) : null
}

/**
 * Tries until `check` answers something true; answers it and how long it took, in ms, which it prints, too.
 *
 * @param ms for what never comes: nothing is said of how long it may take
 * @throws Error after that time
 */
export async function eventually<T>(
  what: string,
  check: () => Promise<T> | T,
  ms = 60_000,
): Promise<{ value: NonNullable<T>; took: number }> {
  const begun = Date.now()
  let last: unknown
  for (;;) {
    try {
      const value = await check()
      const took = Date.now() - begun
      if (value) {
        console.log(`${what}: after ${took} ms`)
        return { value, took }
      }
    } catch (error) {
      last = error
    }
    if (Date.now() - begun > ms) throw new Error(`not within ${ms} ms: ${what}${last ? ` (${last})` : ''}`)
    await sleep(50)
  }
}

/** Waits until commits wait for `standby`, as the REST API says. */
export function untilSynchronous(cluster: Cluster, standby: string, ms?: number): Promise<{ took: number }> {
  const synchronous = async () => {
    const { body } = await askRest(cluster, standby, '/patroni')
    return body.sync_standby === true && body.replication_state === 'streaming'
  }
  return eventually(`${standby} is synchronous`, synchronous, ms)
}
