import { readSlots, readStandbyLag, type Slot, type StandbyLag } from '@/db/queries/recovery/replication'
import { leader } from '@/lib/database'
import { env } from '@/lib/env'
import type { OutputOf } from '@/lib/http/endpoint'
import { inTime } from '@/lib/in-time'
import {
  type ClusterConfig,
  type ClusterStatus,
  isLeading,
  type MemberStatus,
} from '@/lib/recovery/engine/patroni'
import { formatLsn } from '@/lib/recovery/format'
import type { getReplicationStatus, Member } from '@/lib/recovery/replication/contract'
import { type MemberView, readTopology, type Topology } from '@/lib/recovery/topology/service'

type Status = OutputOf<typeof getReplicationStatus>

/** A standby this far behind is worth a warning: 64 MB, four WAL segments. */
const LAG_WARN_BYTES = 64 * 1024 * 1024
/** PostgreSQL may hang where the agent answers; the page must not. */
const SQL_TIMEOUT_MS = 2_000

/** The cluster as its members and its leader's statistics tell it; answers with every database down. */
export const readReplicationStatus = (): Promise<Status> => describeReplication(readTopology())

/** The same for one who asks the members anyway, so that they are asked once. */
export async function describeReplication(topology: Promise<Topology>): Promise<Status> {
  const [{ members: seen, history, config, cluster }, sqlView] = await Promise.all([topology, readSql()])
  const leading = seen.find(({ status }) => isLeader(status))
  const members = seen.map((one) => toMember(one, leading?.status ?? null, lagsOf(sqlView, config)))
  const synchronous = members.some((member) => member.synchronous)
  return {
    asOf: new Date().toISOString(),
    status: overall(members, sqlView?.lag.length ?? 0, sqlView !== null),
    cluster: {
      name: leading?.status?.patroni?.scope ?? env().HOLDFAST_CLUSTER,
      engine: seen.length > 0 ? 'patroni' : 'none',
      systemIdentifier: leading?.status?.database_system_identifier ?? null,
      timeline: leading?.status?.timeline ?? null,
      leader: leading?.address.name ?? null,
      synchronous,
      paused: seen.some(({ status }) => status?.pause === true),
      scheduled: scheduledOf(cluster),
    },
    members: seen.length > 0 ? members : (sqlView?.lag ?? []).map(fromSql),
    slots: sqlView?.slots ?? [],
    history: history.map(([timeline, lsn, reason, at, to]) => ({
      timeline,
      lsn: formatLsn(lsn),
      reason,
      at: at ?? null,
      leader: to ?? null,
    })),
    rpoSeconds: rpo(members, lagsOf(sqlView, config)),
  }
}

function scheduledOf(cluster: ClusterStatus | null): Status['cluster']['scheduled'] {
  const planned = cluster?.scheduled_switchover
  return planned ? { at: planned.at, from: planned.from ?? null, to: planned.to ?? null } : null
}

/** Where the engine keeps commits waiting it says itself for whom, and PostgreSQL a little too soon. */
const lagsOf = (sqlView: SqlView | null, config: ClusterConfig | null): StandbyLag[] =>
  (sqlView?.lag ?? []).map((lag) => (config?.synchronous_mode ? { ...lag, synchronous: false } : lag))

const isLeader = (status: MemberStatus | null): boolean =>
  status?.state === 'running' && isLeading(status.role)

/** A leader that is down is none, and no standby either. */
const roleOf = (status: MemberStatus | null): Member['role'] => {
  if (isLeader(status)) return 'leader'
  return status && !isLeading(status.role) ? 'standby' : 'unknown'
}

function toMember(
  { address, status, facts }: MemberView,
  leading: MemberStatus | null,
  lags: StandbyLag[],
): Member {
  const leads = isLeader(status)
  const lag = lags.find((one) => one.name === address.name)
  const written = leading?.xlog?.location
  const replayed = status?.xlog?.replayed_location
  const behind = written !== undefined && replayed !== undefined ? Math.max(0, written - replayed) : null
  const lagBytes = leads ? null : (lag?.lagBytes ?? behind)
  const reasons = reasonsOf(status, leads, lag, lagBytes, leading)
  return {
    name: address.name,
    host: address.host,
    port: address.port,
    role: roleOf(status),
    synchronous: status?.sync_standby ?? lag?.synchronous ?? false,
    state: status ? (!leads && lag?.state === 'streaming' ? 'streaming' : status.state) : 'unreachable',
    healthy: reasons.length === 0,
    reasons,
    timeline: status?.timeline ?? null,
    lagBytes,
    lagMs: { write: lag?.writeMs ?? null, flush: lag?.flushMs ?? null, replay: lag?.replayMs ?? null },
    receivedLsn: lsnOf(status?.xlog?.location ?? status?.xlog?.received_location),
    replayedLsn: lsnOf(leads ? status?.xlog?.location : replayed),
    takesWrites: facts?.writable ?? null,
    fenced: facts?.fenced ?? false,
    conflicts: facts?.standby ? facts.conflicts : null,
    pendingRestart: facts?.pendingRestart ?? status?.pending_restart ?? false,
    tags: Object.fromEntries(
      Object.entries(status?.tags ?? {}).map(([name, value]) => [name, String(value)]),
    ),
  }
}

function reasonsOf(
  status: MemberStatus | null,
  leads: boolean,
  lag: StandbyLag | undefined,
  lagBytes: number | null,
  leading: MemberStatus | null,
): string[] {
  if (!status) return ['Its API does not answer']
  const reasons: string[] = []
  if (!['running', 'streaming'].includes(status.state)) reasons.push(`PostgreSQL is ${status.state}`)
  else if (!leads && leading && lag?.state !== 'streaming') reasons.push('It does not stream from the leader')
  if (status.xlog?.paused) reasons.push('Replay is paused')
  if (lagBytes !== null && lagBytes > LAG_WARN_BYTES) reasons.push('It is over 64 MB behind')
  if (!leads && leading?.timeline && status.timeline && status.timeline < leading.timeline)
    reasons.push('Its timeline is behind')
  return reasons
}

/** A standby of a cluster without an engine, as its leader's statistics show it. */
function fromSql(lag: StandbyLag): Member {
  return {
    name: lag.name,
    host: '',
    port: 0,
    role: 'standby',
    synchronous: lag.synchronous,
    state: lag.state,
    healthy: lag.state === 'streaming',
    reasons: lag.state === 'streaming' ? [] : [`It is in state ${lag.state}`],
    timeline: null,
    lagBytes: lag.lagBytes,
    lagMs: { write: lag.writeMs, flush: lag.flushMs, replay: lag.replayMs },
    receivedLsn: null,
    replayedLsn: null,
    takesWrites: false,
    fenced: false,
    conflicts: null,
    pendingRestart: false,
    tags: {},
  }
}

/** Without a standby nothing is lost yet, but the loss of the one server would lose everything: a warning. */
function overall(members: Member[], standbys: number, answers: boolean): Status['status'] {
  if (!answers || (members.length > 0 && !members.some((member) => member.role === 'leader'))) return 'fail'
  return standbys > 0 && members.every((member) => member.healthy) ? 'pass' : 'warn'
}

/** 0 with a synchronous standby, else the smallest replay delay of a standby; unknown without one. */
function rpo(members: Member[], lags: StandbyLag[]): number | null {
  if (members.some((member) => member.synchronous && member.healthy) || lags.some((lag) => lag.synchronous))
    return 0
  const delays = lags
    .map((lag) => (lag.lagBytes === 0 ? 0 : (lag.flushMs ?? lag.replayMs)))
    .filter((ms) => ms !== null)
  return delays.length > 0 ? Math.min(...delays) / 1000 : null
}

interface SqlView {
  lag: StandbyLag[]
  slots: Slot[]
}

/** The leader's statistics, or null if it does not answer in time. */
const readSql = (): Promise<SqlView | null> => inTime(SQL_TIMEOUT_MS, askLeader)

async function askLeader(): Promise<{ lag: StandbyLag[]; slots: Slot[] }> {
  const db = leader()
  const [lag, slots] = await Promise.all([readStandbyLag(db), readSlots(db)])
  return { lag, slots }
}

const lsnOf = (lsn: number | undefined): string | null => (lsn === undefined ? null : formatLsn(lsn))
