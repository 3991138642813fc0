import { readSlots, readStandbyLag, type Slot, type StandbyLag } from '@/db/queries/recovery/replication'
import { leader } from '@/lib/database'
import { env, type MemberAddress } from '@/lib/env'
import type { OutputOf } from '@/lib/http/endpoint'
import { type MemberStatus, readHistory, readMember } from '@/lib/recovery/engine/patroni'
import type { getReplicationStatus, Member } from '@/lib/recovery/replication/contract'

type Status = OutputOf<typeof getReplicationStatus>

/** A standby this far behind is worth a warning: 64 MB, four WAL segments. */
const LAG_WARN_BYTES = 64 * 1024 * 1024
/** PostgreSQL may hang where the agent answers; the page must not. */
const SQL_TIMEOUT_MS = 2_000

/** The cluster as its members and its leader's statistics tell it; answers with every database down. */
export async function readReplicationStatus(): Promise<Status> {
  const inventory = env().HOLDFAST_MEMBERS
  const [statuses, history, sqlView] = await Promise.all([
    Promise.all(inventory.map(readMember)),
    readHistory(inventory),
    readSql(),
  ])
  const seen = inventory.map((address, index) => ({ address, status: statuses[index] ?? null }))
  const leading = seen.find(({ status }) => isLeader(status))
  const members = seen.map((one) =>
    toMember(one.address, one.status, leading?.status ?? null, sqlView?.lag ?? []),
  )
  const synchronous = members.some((member) => member.synchronous)
  return {
    asOf: new Date().toISOString(),
    status: overall(members, sqlView?.lag.length ?? 0, sqlView !== null),
    cluster: {
      name: leading?.status?.patroni?.scope ?? env().HOLDFAST_CLUSTER,
      engine: inventory.length > 0 ? 'patroni' : 'none',
      systemIdentifier: leading?.status?.database_system_identifier ?? null,
      timeline: leading?.status?.timeline ?? null,
      leader: leading?.address.name ?? null,
      synchronous,
      paused: statuses.some((status) => status?.pause === true),
    },
    members: inventory.length > 0 ? members : (sqlView?.lag ?? []).map(fromSql),
    slots: sqlView?.slots ?? [],
    history: history.map(([timeline, lsn, reason, at, to]) => ({
      timeline,
      lsn: formatLsn(lsn) ?? '',
      reason,
      at: at ?? null,
      leader: to ?? null,
    })),
    rpoSeconds: rpo(members, sqlView?.lag ?? []),
  }
}

const isLeader = (status: MemberStatus | null): boolean =>
  status?.state === 'running' && ['leader', 'master', 'primary', 'standby_leader'].includes(status.role)

function toMember(
  address: MemberAddress,
  status: MemberStatus | null,
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
    role: leads ? 'leader' : status ? 'standby' : 'unknown',
    synchronous: lag?.synchronous ?? status?.sync_standby ?? false,
    state: status ? (!leads && lag?.state === 'streaming' ? 'streaming' : status.state) : 'unreachable',
    healthy: reasons.length === 0,
    reasons,
    timeline: status?.timeline ?? null,
    lagBytes,
    lagMs: { write: lag?.writeMs ?? null, flush: lag?.flushMs ?? null, replay: lag?.replayMs ?? null },
    receivedLsn: formatLsn(status?.xlog?.location ?? status?.xlog?.received_location),
    replayedLsn: formatLsn(leads ? status?.xlog?.location : replayed),
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

/** The leader's statistics, or null if it does not answer in time. */
async function readSql(): Promise<{ lag: StandbyLag[]; slots: Slot[] } | null> {
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), SQL_TIMEOUT_MS).unref())
  const work = Promise.all([readStandbyLag(leader()), readSlots(leader())]).then(([lag, slots]) => ({
    lag,
    slots,
  }))
  return Promise.race([work.catch(() => null), late])
}

/** An LSN as PostgreSQL writes it, from Patroni's number. */
function formatLsn(lsn: number | undefined): string | null {
  if (lsn === undefined) return null
  const value = BigInt(lsn)
  return `${(value >> 32n).toString(16).toUpperCase()}/${(value & 0xffffffffn).toString(16).toUpperCase()}`
}
