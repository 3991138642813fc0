// For tests: a cluster in a scratch folder, and the waiting that goes with it.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { slowness } from '@/scripts/test/slowness'
import type { Cluster } from './index'

/** A new folder for a cluster, which `remove` deletes. */
export function scratchFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'holdfast-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/**
 * A client for one member, with short timeouts; errors of lost connections reach the query, not the
 * process.
 */
export function clientOf(cluster: Cluster, member: string): postgres.Sql {
  const { host, port } = memberOf(cluster, member)
  return postgres({
    host,
    port,
    username: cluster.user,
    password: cluster.password,
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

/** Tries until `check` answers something true; answers it and how long it took, in ms. Throws after `ms`. */
export async function eventually<T>(
  what: string,
  ms: number,
  check: () => Promise<T> | T,
): Promise<{ value: NonNullable<T>; took: number }> {
  const begun = Date.now()
  let last: unknown
  for (;;) {
    try {
      const value = await check()
      if (value) return { value, took: Date.now() - begun }
    } catch (error) {
      last = error
    }
    if (Date.now() - begun > ms * slowness)
      throw new Error(`not within ${ms * slowness} ms: ${what}${last ? ` (${last})` : ''}`)
    await sleep(50)
  }
}

/** Waits until commits wait for `standby`, as the REST API says. */
export function untilSynchronous(cluster: Cluster, standby: string, ms = 20_000): Promise<{ took: number }> {
  return eventually(`${standby} is synchronous`, ms, async () => {
    const { body } = await askRest(cluster, standby, '/patroni')
    return body.sync_standby === true && body.replication_state === 'streaming'
  })
}
