import { readRollupDelay } from '@/db/queries/analytics/rollups/read-delay'
import { type DatabaseHealth, readDatabaseHealth } from '@/db/queries/recovery/database-health'
import { countUnarchived, type MemberFacts, readMemberFacts } from '@/db/queries/recovery/member-facts'
import { type IngestState, readIngestState } from '@/lib/analytics/ingest/report'
import { leader } from '@/lib/database'
import { env } from '@/lib/env'
import { inTime } from '@/lib/in-time'
import type { BackupHealth } from '@/lib/recovery/backups/contract'
import { checkBackups } from '@/lib/recovery/backups/service'
import { readFreeDisk } from '@/lib/recovery/health/disk'
import type { ReplicationStatus } from '@/lib/recovery/replication/contract'
import { describeReplication } from '@/lib/recovery/replication/service'
import { readTopology, type Topology } from '@/lib/recovery/topology/service'

/** A leader that gives no answer within this is not waited for, in milliseconds. */
const ANSWER_MS = 1_800

/** Everything that the rules look at, asked once a round. Null is not known. */
export interface Facts {
  at: number
  /** Whether a cluster engine is known; without one nothing is said of members. */
  engine: boolean
  topology: Topology
  replication: ReplicationStatus
  /** The leader as its own PostgreSQL tells it. */
  leader: { facts: MemberFacts; unarchived: number | null } | null
  database: DatabaseHealth | null
  /** Seconds that the oldest record has waited for the rollups. */
  rollupDelay: number | null
  /** Share of the data folder's disk. */
  freeDisk: number | null
  ingest: IngestState | null
  /** As the worker saw them last. */
  backups: BackupHealth | null
}

/** Asks members, leader, disk and web servers at the same time; none of them holds up another, or fails the round. */
export async function readFacts(): Promise<Facts> {
  const engine = env().HOLDFAST_MEMBERS.length > 0
  const asked = readTopology()
  const [topology, replication, alone, database, rollupDelay, freeDisk, backups] = await Promise.all([
    asked,
    describeReplication(asked),
    engine ? null : inTime(ANSWER_MS, readAlone),
    inTime(ANSWER_MS, () => readDatabaseHealth(leader())),
    inTime(ANSWER_MS, () => readRollupDelay(leader())),
    inTime(ANSWER_MS, readFreeDisk),
    inTime(ANSWER_MS, checkBackups),
  ])
  const leading = topology.writable[0]
  return {
    at: Date.now(),
    engine,
    topology,
    replication,
    leader: leading?.facts ? { facts: leading.facts, unarchived: leading.unarchived } : alone,
    database,
    rollupDelay,
    freeDisk,
    ingest: readIngestState(),
    backups,
  }
}

/** The one server of DATABASE_URL, where no engine names members. */
async function readAlone(): Promise<Facts['leader']> {
  const [facts, unarchived] = await Promise.all([readMemberFacts(leader()), countUnarchived(leader())])
  return { facts, unarchived }
}
