import type { Observation } from '@/lib/recovery/alerts/evaluate'
import type { Facts } from '@/lib/recovery/alerts/facts'
import { formatBytes, formatPercent, formatSeconds } from '@/lib/recovery/format'
import type { MemberView } from '@/lib/recovery/topology/service'

/** What each rule sees of the facts: a number in its unit, and the sentence that a person reads. */

const UNKNOWN = (detail: string): Observation => ({ value: null, detail })
const ELSEWHERE = (detail: string): Observation => ({ value: null, detail, applies: false })
const NO_LEADER = UNKNOWN('no leader answers')
const NO_ENGINE = ELSEWHERE('no cluster engine is known')

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`
const namesOf = (members: MemberView[]): string => members.map(({ address }) => address.name).join(' and ')

export function observeTwoLeaders({ engine, topology: { writable } }: Facts): Observation {
  if (!engine) return NO_ENGINE
  return {
    value: writable.length,
    detail:
      writable.length > 1
        ? `${namesOf(writable)} take writes`
        : `${namesOf(writable) || 'none'} takes writes`,
  }
}

/** Of one server without an engine: itself. */
export function observeNoLeader({ engine, topology: { writable }, leader }: Facts): Observation {
  const value = engine ? writable.length : leader?.facts.writable ? 1 : 0
  const who = engine ? namesOf(writable) : 'the server of DATABASE_URL'
  return { value, detail: value > 0 ? `${who} takes writes` : 'nobody takes writes' }
}

/** One whose agent or PostgreSQL does not answer, or that does not follow the leader. */
export function observeMemberLost({ engine, topology: { members, writable } }: Facts): Observation {
  if (!engine) return NO_ENGINE
  const lost = members.flatMap(({ address: { name }, status, facts }) => {
    if (!facts) return [`${name} does not answer`]
    if (!status) return [`the agent of ${name} does not answer`]
    return facts.standby && !facts.streaming && writable.length > 0 ? [`${name} does not follow`] : []
  })
  return { value: lost.length, detail: lost.join('; ') || 'all answer' }
}

export function observeLag({ replication: { members }, leader }: Facts): Observation {
  if (!leader) return NO_LEADER
  const lagging = members.filter(({ lagBytes }) => lagBytes !== null)
  const worst = lagging.toSorted((a, b) => (b.lagBytes ?? 0) - (a.lagBytes ?? 0))[0]
  if (worst)
    return { value: worst.lagBytes, detail: `${worst.name} is ${formatBytes(worst.lagBytes ?? 0)} behind` }
  return members.some(({ role }) => role !== 'leader')
    ? UNKNOWN('no standby answers')
    : ELSEWHERE('there is no standby')
}

export function observeSynchronous({ engine, topology: { config, members }, leader }: Facts): Observation {
  if (!engine) return NO_ENGINE
  if (!config) return UNKNOWN('no agent answers')
  if (!config.synchronous_mode) return ELSEWHERE('commits wait for nobody in this cluster')
  if (!leader) return NO_LEADER
  const waited = members.filter(({ status, facts }) => status?.sync_standby === true && facts?.streaming)
  return {
    value: waited.length,
    detail: waited.length > 0 ? `commits wait for ${namesOf(waited)}` : 'commits wait for nobody',
  }
}

export function observeSlots({ replication: { slots }, leader }: Facts): Observation {
  if (!leader) return NO_LEADER
  const worst = slots.toSorted((a, b) => (b.retainedBytes ?? 0) - (a.retainedBytes ?? 0))[0]
  if (!worst) return { value: 0, detail: 'no slots' }
  return {
    value: worst.retainedBytes ?? 0,
    detail: `${worst.name} keeps ${formatBytes(worst.retainedBytes ?? 0)} of WAL`,
  }
}

/** 0 or 1 attempts that failed last: PostgreSQL goes on with the same segment until it works. */
export function observeArchiveFails({ leader }: Facts): Observation {
  if (!leader) return NO_LEADER
  if (!leader.facts.archiving) return ELSEWHERE('archiving is off')
  const fails = leader.facts.archiveFails
  return {
    value: fails ? 1 : 0,
    detail: fails ? 'the last attempt to archive failed' : 'the last attempt worked',
  }
}

export function observeArchiveWaits({ leader }: Facts): Observation {
  if (!leader) return NO_LEADER
  if (!leader.facts.archiving) return ELSEWHERE('archiving is off')
  if (leader.unarchived === null) return UNKNOWN('our role may not look')
  return {
    value: leader.unarchived,
    detail: `${count(leader.unarchived, 'segment')} of WAL wait to be archived`,
  }
}

export function observeDisk({ freeDisk }: Facts): Observation {
  if (freeDisk === null) return UNKNOWN('the disk cannot be looked at')
  return { value: freeDisk, detail: `${formatPercent(freeDisk)} of the data folder’s disk is free` }
}

export function observeConnections({ database }: Facts): Observation {
  if (!database) return NO_LEADER
  const { connections, maxConnections } = database
  return { value: connections / maxConnections, detail: `${connections} of ${maxConnections} are used` }
}

export function observeTransactions({ database }: Facts): Observation {
  if (!database) return NO_LEADER
  const seconds = database.oldestTransactionSeconds
  return { value: seconds, detail: `the oldest is open for ${formatSeconds(seconds)}` }
}

export function observeWraparound({ database }: Facts): Observation {
  if (!database) return NO_LEADER
  return {
    value: database.wraparoundAge,
    detail: `the oldest that is not frozen is ${database.wraparoundAge.toLocaleString('en-US')} transactions old`,
  }
}

export function observeSpool({ ingest, at }: Facts): Observation {
  if (!ingest) return UNKNOWN('no web server reports')
  const { records, oldestAt } = ingest.spool
  if (oldestAt === null) return { value: 0, detail: 'nothing waits' }
  const seconds = Math.max(0, (at - oldestAt) / 1000)
  return {
    value: seconds,
    detail: `${count(records, 'record')} wait for a leader, the oldest for ${formatSeconds(seconds)}`,
  }
}

export function observeIngestErrors({ ingest }: Facts): Observation {
  if (!ingest) return UNKNOWN('no web server reports')
  return {
    value: ingest.failed,
    detail: `${count(ingest.failed, 'record')} could not be stored in the last 5 min`,
  }
}

export function observeRollups({ rollupDelay }: Facts): Observation {
  if (rollupDelay === null) return NO_LEADER
  return {
    value: rollupDelay,
    detail: rollupDelay > 0 ? `a record has waited for ${formatSeconds(rollupDelay)}` : 'nothing waits',
  }
}

/** Where nothing makes backups the page says so; an alert would never end. */
const NO_BACKUPS = ELSEWHERE('nothing makes backups here')
/** What was never done is longer ago than any threshold, in seconds. */
const NEVER = 10 * 365 * 86_400

export function observeBackupAge({ backups }: Facts): Observation {
  if (!backups) return UNKNOWN('the repositories cannot be looked at')
  if (backups.provider === null) return NO_BACKUPS
  const { newest, ageSeconds } = backups
  if (ageSeconds === null) return { value: NEVER, detail: 'there is no whole backup' }
  return { value: ageSeconds, detail: `${newest?.id} ended ${formatSeconds(ageSeconds)} ago` }
}

/** Damaged backups, gaps in archives, and faults that verification found in them. */
export function observeBackupFaults({ backups }: Facts): Observation {
  if (!backups) return UNKNOWN('the repositories cannot be looked at')
  if (backups.provider === null) return NO_BACKUPS
  const faults = backups.repositories.flatMap(({ gaps, problems, reachable }) => [
    ...gaps.map(({ from, segments }) => `${count(segments, 'WAL file')} from ${from} on is missing`),
    ...(reachable ? problems.map(({ what }) => what) : []),
  ])
  const all = [...backups.damaged.flatMap(({ problems }) => problems.map(({ what }) => what)), ...faults]
  return { value: all.length, detail: all[0] ?? 'none is known' }
}

/** A repository that is away, or lacks what the first has. */
export function observeRepositories({ backups }: Facts): Observation {
  if (!backups) return UNKNOWN('the repositories cannot be looked at')
  if (backups.provider === null) return NO_BACKUPS
  const faults = backups.repositories.flatMap(({ number, reachable, behind }) =>
    !reachable
      ? [`repository ${number} cannot be reached`]
      : behind?.files
        ? [`repository ${number} lacks ${count(behind.files, 'file')} of the first`]
        : [],
  )
  return { value: faults.length, detail: faults.join(', ') || 'each has everything' }
}

/** Since a drill last restored a backup; a failed drill counts as none ever. */
export function observeDrill({ backups, at }: Facts): Observation {
  if (!backups) return UNKNOWN('the repositories cannot be looked at')
  if (backups.provider === null) return NO_BACKUPS
  const { lastDrill, newest } = backups
  if (lastDrill && !lastDrill.passed) return { value: NEVER, detail: 'the last drill failed' }
  const since = lastDrill?.at ?? backups.firstBackupAt ?? newest?.endedAt
  if (!since) return { value: 0, detail: 'there is no backup to restore yet' }
  const seconds = Math.max(0, (at - Date.parse(since)) / 1000)
  const words = lastDrill ? 'the last drill was' : 'no drill yet; the first backup was'
  return { value: seconds, detail: `${words} ${formatSeconds(seconds)} ago` }
}
