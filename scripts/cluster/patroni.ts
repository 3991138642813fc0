// The answers of Patroni 4's REST API, for our two members.
// https://patroni.readthedocs.io/en/latest/rest_api.html
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { FactSource, Facts } from './facts'
import { CLUSTER, type MemberName, otherMember } from './home'
import type { Server } from './server'
import type { Ports, State } from './state'

/** Patroni's defaults, where they mean something here. */
export const config = {
  ttl: 30,
  loop_wait: 1,
  retry_timeout: 10,
  maximum_lag_on_failover: 1_048_576,
  synchronous_mode: true,
  synchronous_mode_strict: false,
  postgresql: { use_slots: true },
}

export interface MemberView {
  server: Server
  facts: FactSource
  ports: Ports
}

export interface ClusterView {
  members: Record<MemberName, MemberView>
  state(): Readonly<State>
  /** When the supervision last went round, in milliseconds since 1970. */
  lastSeen(): number
}

export interface MemberStatus {
  state: string
  role: 'primary' | 'replica'
  facts: Facts | null
  live: boolean
}

/** A member as it is now; `live` is false when the facts are from before it stopped answering. */
export async function readStatus(view: ClusterView, name: MemberName): Promise<MemberStatus> {
  const { server, facts } = view.members[name]
  const now = server.state === 'running' ? await facts.now() : null
  const leads = view.state().leader === name
  return {
    state: server.state === 'running' && !now ? 'unknown' : server.state,
    role: (now ? !now.standby : leads) ? 'primary' : 'replica',
    facts: now ?? facts.last,
    live: now !== null,
  }
}

/** The body of GET /patroni and of the health checks. */
export function patroniBody(view: ClusterView, name: MemberName, status: MemberStatus): object {
  const { facts, role } = status
  return {
    state: status.state,
    ...(facts && { postmaster_start_time: facts.postmasterStartTime }),
    role,
    ...(facts && {
      server_version: facts.serverVersion,
      xlog: facts.standby
        ? {
            received_location: facts.receivedLocation,
            replayed_location: facts.replayedLocation,
            replayed_timestamp: facts.replayedTimestamp,
            paused: facts.paused,
          }
        : { location: facts.location },
      timeline: facts.timeline,
    }),
    ...(status.live && facts?.streaming && { replication_state: 'streaming' }),
    ...(role === 'replica' && view.state().synchronous === name && { sync_standby: true }),
    ...(status.live && facts && facts.replication.length > 0 && { replication: facts.replication }),
    ...(view.state().paused && { pause: true }),
    dcs_last_seen: Math.floor(view.lastSeen() / 1000),
    ...(facts && { database_system_identifier: facts.systemIdentifier }),
    patroni: { version: '4.0.7', scope: CLUSTER, name },
  }
}

/**
 * The body of GET /cluster. Lag is in bytes, of receiving, as Patroni has it; `unknown` when it cannot be
 * told.
 */
export async function clusterBody(view: ClusterView): Promise<object> {
  const { leader, synchronous } = view.state()
  const names = [leader, otherMember(leader)]
  const statuses = await Promise.all(names.map((name) => readStatus(view, name)))
  const end = statuses[0]?.live ? statuses[0].facts?.location : undefined
  const behind = (position: number | null | undefined) => {
    return end == null || position == null ? 'unknown' : Math.max(0, end - position)
  }
  const members = statuses.map((status, index) => {
    const name = names[index] as MemberName
    const { ports } = view.members[name]
    const facts = status.live ? status.facts : null
    const streaming = status.state === 'running' && facts?.streaming
    return {
      name,
      role: name === leader ? 'leader' : name === synchronous ? 'sync_standby' : 'replica',
      state: streaming ? 'streaming' : status.state,
      api_url: `http://127.0.0.1:${ports.restPort}/patroni`,
      host: '127.0.0.1',
      port: ports.port,
      ...(status.facts && { timeline: status.facts.timeline }),
      ...(name !== leader && {
        lag: behind(facts?.receivedLocation),
        receive_lag: behind(facts?.receivedLocation),
        replay_lag: behind(facts?.replayedLocation),
      }),
    }
  })
  const { paused, scheduled } = view.state()
  return {
    members,
    scope: CLUSTER,
    ...(paused && { pause: true }),
    ...(scheduled && { scheduled_switchover: scheduled }),
  }
}

/**
 * The body of GET /history: `[timeline, end of it in bytes, reason, time, new leader]` for each timeline that ended.
 * PostgreSQL keeps no time, so it is that of the file that began the next timeline.
 */
export function historyBody(folder: string, leaders: State['leaders']): unknown[] {
  const wal = join(folder, 'pg_wal')
  try {
    const files = readdirSync(wal).filter((name) => /^[0-9A-F]{8}\.history$/.test(name))
    const newest = files.sort().at(-1)
    if (!newest) return []
    const ended = readFileSync(join(wal, newest), 'utf8')
      .split('\n')
      .map((line) => /^\s*(\d+)\t([0-9A-F]+)\/([0-9A-F]+)\t(.*)$/i.exec(line))
      .filter((match) => match !== null)
    return ended.map(([, timeline, high, low, reason], index) => {
      const next = ended[index + 1]?.[1]
      const begun = next ? `${Number(next).toString(16).toUpperCase().padStart(8, '0')}.history` : newest
      const position = Number.parseInt(high ?? '', 16) * 2 ** 32 + Number.parseInt(low ?? '', 16)
      // A member that was made anew has no file of the timelines before: then no time is known, as in old entries of Patroni.
      const time = fileTime(join(wal, begun))
      const promoted = leaders[timeline ?? '']
      return [Number(timeline), position, reason, ...(time ? [time, ...(promoted ? [promoted] : [])] : [])]
    })
  } catch {
    return []
  }
}

function fileTime(path: string): string | null {
  return statSync(path, { throwIfNoEntry: false })?.mtime.toISOString() ?? null
}
