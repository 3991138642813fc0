import type { AlertRule, Thresholds } from '@/lib/recovery/alerts/contract'
import type { Observation } from '@/lib/recovery/alerts/evaluate'
import type { Facts } from '@/lib/recovery/alerts/facts'
import * as observe from '@/lib/recovery/alerts/observe'
import { ACTIONS, LIMITS } from '@/lib/recovery/health/checks'

/** What can be wrong: an entry here and what it sees of the facts are all that an alert takes. */
export interface Rule
  extends Pick<AlertRule, 'id' | 'title' | 'observes' | 'unit' | 'bad' | 'why' | 'action' | 'page'> {
  defaults: Thresholds
  /** Its thresholds say what it is: only its times can be changed. */
  fixed?: true
  /** Its warnings stand in the banner, too. */
  loud?: true
  observe(facts: Facts): Observation
}

const MB = 2 ** 20
const GB = 2 ** 30
const HOUR = 3_600
const DAY = 24 * HOUR
const REPLICATION = '/recovery/replication'
const BACKUPS = '/recovery/backups'
const HEALTH = '/recovery/health'

const when = (
  warn: number | null,
  critical: number | null,
  holdSeconds: number,
  clearSeconds: number,
): Thresholds => ({ warn, critical, holdSeconds, clearSeconds })

/** The loudest first. */
export const rules: Rule[] = [
  {
    id: 'two-leaders',
    title: 'Two members take writes',
    observes: 'Members whose PostgreSQL takes writes',
    unit: 'members',
    bad: 'above',
    // Twice in a row: in a switchover one may be asked before it and the other after.
    defaults: when(null, 2, 1, 10),
    fixed: true,
    why: 'The cluster has split: each of them acknowledges records that the other never gets, and no merge brings them together.',
    action:
      'Fence the one that does not lead, now, on the replication page. Keep its data until what only it has is known.',
    page: REPLICATION,
    observe: observe.observeTwoLeaders,
  },
  {
    id: 'no-leader',
    title: 'No leader takes writes',
    observes: 'Members whose PostgreSQL takes writes',
    unit: 'members',
    bad: 'below',
    defaults: when(null, 1, 10, 5),
    fixed: true,
    why: 'Nothing can be read or changed; records wait in the spool, which is bounded.',
    action: 'See why the leader is gone. If it does not come back, fail over.',
    page: '/recovery/failover',
    observe: observe.observeNoLeader,
  },
  {
    id: 'member-lost',
    title: 'A member is lost',
    observes: 'Members that do not answer, or do not follow the leader',
    unit: 'members',
    bad: 'above',
    defaults: when(null, 1, 15, 15),
    why: 'There is one member less to take over. Of two members the one that is left is the only one.',
    action: ACTIONS.member,
    page: REPLICATION,
    observe: observe.observeMemberLost,
  },
  {
    id: 'synchronous-standby-lost',
    title: 'Commits wait for no standby',
    observes: 'Standbys that have every commit before it is acknowledged',
    unit: 'members',
    bad: 'below',
    defaults: when(1, null, 15, 10),
    why: 'Records are acknowledged that only the leader has: its loss now would lose them.',
    action: 'Bring the standby back. The engine makes it synchronous as soon as it has caught up.',
    page: REPLICATION,
    observe: observe.observeSynchronous,
  },
  {
    id: 'replication-lag',
    title: 'A standby is behind',
    observes: 'WAL that the slowest standby has yet to replay',
    unit: 'bytes',
    bad: 'above',
    defaults: when(64 * MB, GB, 30, 30),
    why: 'It takes over only after it has replayed this, and what it has not received would be lost.',
    action: 'Look at its disk, the network, and queries on it that hold replay up.',
    page: REPLICATION,
    observe: observe.observeLag,
  },
  {
    id: 'slot-retention',
    title: 'A slot keeps too much WAL',
    observes: 'WAL that the greediest replication slot keeps',
    unit: 'bytes',
    bad: 'above',
    defaults: when(GB, 8 * GB, 30, 30),
    why: 'A slot whose standby is gone keeps WAL until the leader’s disk is full.',
    action: 'Bring its standby back, or drop the slot if nobody needs it any more.',
    page: REPLICATION,
    observe: observe.observeSlots,
  },
  {
    id: 'archive-failing',
    title: 'Archiving fails',
    observes: 'Whether the last attempt to archive a segment failed: 1 if it did',
    unit: 'segments',
    bad: 'above',
    defaults: when(null, 1, 60, 10),
    fixed: true,
    why: 'What is not archived cannot be recovered to, and its WAL stays on the leader’s disk.',
    action: 'See archive_command and the log of the leader’s PostgreSQL.',
    page: REPLICATION,
    observe: observe.observeArchiveFails,
  },
  {
    id: 'archive-waiting',
    title: 'WAL waits to be archived',
    observes: 'Segments that are done and not archived',
    unit: 'segments',
    bad: 'above',
    defaults: when(8, 64, 60, 30),
    why: 'The loss of the leader’s disk would lose what can be recovered to since then.',
    action: 'Archiving is slower than writing: look at where archive_command copies to.',
    page: REPLICATION,
    observe: observe.observeArchiveWaits,
  },
  {
    id: 'backup-faults',
    title: 'A backup or its archive is damaged',
    observes: 'Damaged backups, gaps in archives, and faults that verification found',
    unit: 'faults',
    bad: 'above',
    defaults: when(null, 1, 30, 30),
    fixed: true,
    why: 'What is damaged cannot be restored, and past a gap nothing is recovered from an earlier backup.',
    action:
      'The backups page says of each what to do: mostly copy it from the other repository, or back up anew.',
    page: BACKUPS,
    observe: observe.observeBackupFaults,
  },
  {
    id: 'backup-age',
    title: 'The newest backup is old',
    observes: 'Time since the newest whole backup',
    unit: 'seconds',
    bad: 'above',
    defaults: when(26 * HOUR, 50 * HOUR, 300, 10),
    why: 'The older it is, the more WAL has to be replayed, and the more may be missing of it.',
    action: 'Back up now, and see in the tasks why the schedule did not.',
    page: BACKUPS,
    observe: observe.observeBackupAge,
  },
  {
    id: 'repository-behind',
    title: 'A repository is away or behind',
    observes: 'Repositories that cannot be reached, or lack what the first has',
    unit: 'faults',
    bad: 'above',
    defaults: when(1, 2, 300, 30),
    why: 'Until it is back there is one copy less, and perhaps none on another machine.',
    action: 'Bring it back: it catches up by itself.',
    page: BACKUPS,
    observe: observe.observeRepositories,
  },
  {
    id: 'drill-overdue',
    title: 'No drill has proven the backups lately',
    observes: 'Time since a drill restored a backup; a failed one counts as never',
    unit: 'seconds',
    bad: 'above',
    defaults: when(8 * DAY, 30 * DAY, 0, 0),
    why: 'Only a restore shows that a backup can be restored, and how long that takes.',
    action: 'Drill the newest backup; the steps of one that failed say where.',
    page: BACKUPS,
    observe: observe.observeDrill,
  },
  {
    id: 'disk-free',
    title: 'The disk fills up',
    observes: 'Free share of the disk of Holdfast’s data folder',
    unit: 'share',
    bad: 'below',
    defaults: when(LIMITS.freeDiskRate.warn, LIMITS.freeDiskRate.fail, 60, 60),
    why: 'On a full disk nothing can be spooled or journaled; where the members share it, PostgreSQL stops.',
    action: ACTIONS.disk,
    page: HEALTH,
    observe: observe.observeDisk,
  },
  {
    id: 'connections',
    title: 'Connections run out',
    observes: 'Used share of max_connections',
    unit: 'share',
    bad: 'above',
    defaults: when(LIMITS.connections.warn, LIMITS.connections.fail, 30, 30),
    why: 'When none is left, recording and charts get errors.',
    action: ACTIONS.connections,
    page: HEALTH,
    observe: observe.observeConnections,
  },
  {
    id: 'long-transaction',
    title: 'A transaction is open for long',
    observes: 'Age of the leader’s oldest transaction',
    unit: 'seconds',
    bad: 'above',
    defaults: when(LIMITS.oldestTransactionSeconds.warn, LIMITS.oldestTransactionSeconds.fail, 5, 10),
    why: 'Nothing behind it is cleaned up, and rollups wait for it.',
    action: ACTIONS.transaction,
    page: HEALTH,
    observe: observe.observeTransactions,
  },
  {
    id: 'wraparound',
    title: 'Transaction numbers run out',
    observes: 'Transactions since the oldest that is not frozen',
    unit: 'transactions',
    bad: 'above',
    defaults: when(LIMITS.wraparoundAge.warn, LIMITS.wraparoundAge.fail, 60, 60),
    why: 'At 2^31 PostgreSQL takes no more writes.',
    action: ACTIONS.wraparound,
    page: HEALTH,
    observe: observe.observeWraparound,
  },
  {
    id: 'spool-waiting',
    title: 'Records wait in the spool',
    observes: 'For how long the oldest record has waited for a leader',
    unit: 'seconds',
    bad: 'above',
    defaults: when(10, 120, 0, 5),
    loud: true,
    why: 'They are safe on this machine’s disk alone, in no chart yet, and the spool is bounded.',
    action: ACTIONS.spool,
    page: HEALTH,
    observe: observe.observeSpool,
  },
  {
    id: 'ingest-errors',
    title: 'Records are not stored',
    observes: 'Records of the last 5 minutes that this side failed to store',
    unit: 'records',
    bad: 'above',
    defaults: when(1, 1000, 0, 60),
    why: 'Their senders got 503, or were told yes before PostgreSQL refused: those are in refused.ndjson of the spool.',
    action: 'The log says why: a full queue, a full spool or disk, or what PostgreSQL refuses.',
    page: HEALTH,
    observe: observe.observeIngestErrors,
  },
  {
    id: 'rollups-behind',
    title: 'Rollups are behind',
    observes: 'For how long the oldest record has waited for the rollups',
    unit: 'seconds',
    bad: 'above',
    defaults: when(LIMITS.rollupSeconds.warn, LIMITS.rollupSeconds.fail, 30, 30),
    why: 'Charts stay exact, but read more and more records by themselves, and get slow.',
    action: ACTIONS.rollups,
    page: HEALTH,
    observe: observe.observeRollups,
  },
]

/** A rule by its id; undefined if there is none. */
export const findRule = (id: string): Rule | undefined => rules.find((rule) => rule.id === id)
