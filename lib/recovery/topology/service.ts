import { createHash } from 'node:crypto'
import { countUnarchived, type MemberFacts, readMemberFacts } from '@/db/queries/recovery/member-facts'
import { env, type MemberAddress } from '@/lib/env'
import {
  type ClusterConfig,
  type ClusterStatus,
  isLeading,
  type MemberStatus,
  readCluster,
  readConfig,
  readHistory,
  readMember,
} from '@/lib/recovery/engine/patroni'
import { askMember } from '@/lib/recovery/members/session'
import { lastLeader, rememberLeader } from '@/lib/recovery/topology/last-seen'

/** A member as its agent tells it and as its own PostgreSQL does; null is no answer. */
export interface MemberView {
  address: MemberAddress
  status: MemberStatus | null
  facts: MemberFacts | null
  /** WAL segments of a leader that wait to be archived; null if unknown. */
  unarchived: number | null
}

/** Everything that a decision about the leader rests on, read at one time. */
export interface Topology {
  at: number
  name: string
  members: MemberView[]
  /** Who the engine says leads, or led, or, if it says nothing, whose PostgreSQL takes writes. */
  leader: MemberView | null
  /** All whose PostgreSQL takes writes: more than one is a split brain. */
  writable: MemberView[]
  cluster: ClusterStatus | null
  config: ClusterConfig | null
  history: Awaited<ReturnType<typeof readHistory>>
  /** The newest promotion's time, in milliseconds since 1970. */
  promotedAt: number | null
  /** Differs when anything changed that a plan rests upon. */
  key: string
}

/** Asks every member of the inventory twice: its agent, and, since that may be dead or wrong, its PostgreSQL. */
export async function readTopology(): Promise<Topology> {
  const inventory = env().HOLDFAST_MEMBERS
  const [members, history, cluster, config] = await Promise.all([
    Promise.all(inventory.map(readView)),
    readHistory(inventory),
    readCluster(inventory),
    readConfig(inventory),
  ])
  const writable = members.filter(({ facts }) => facts?.writable)
  const promoted = history.at(-1)?.[3]
  const topology = {
    at: Date.now(),
    name:
      members.find(({ status }) => status?.patroni?.scope)?.status?.patroni?.scope ?? env().HOLDFAST_CLUSTER,
    members,
    leader: findLeader(members, cluster) ?? writable[0] ?? null,
    writable,
    cluster,
    config,
    history,
    promotedAt: promoted ? Date.parse(promoted) : null,
  }
  rememberLeader(topology.leader)
  return { ...topology, key: keyOf(topology) }
}

/**
 * The leader by the store that decides it; of a member that is gone for long that says nothing, so by its own account, or
 * the one that led when it was last asked.
 */
function findLeader(members: MemberView[], cluster: ClusterStatus | null): MemberView | undefined {
  const named = (name: string | undefined) => members.find(({ address }) => address.name === name)
  return (
    named(cluster?.members.find(({ role }) => isLeading(role))?.name) ??
    members.find(({ status }) => status?.state === 'running' && isLeading(status.role)) ??
    named(lastLeader())
  )
}

async function readView(address: MemberAddress): Promise<MemberView> {
  const [status, [facts, unarchived]] = await Promise.all([
    readMember(address),
    askMember(address, async (db) => {
      const facts = await readMemberFacts(db)
      return [facts, facts.standby ? null : await countUnarchived(db)] as const
    }).catch(() => [null, null] as const),
  ])
  return { address, status, facts, unarchived }
}

/** Where nothing that a plan rests upon changes by itself: no positions, no lag. */
function keyOf({ name, members, leader, cluster }: Omit<Topology, 'key'>): string {
  const parts = members.map(({ address, facts, status }) => [
    address.name,
    facts === null ? 'no answer' : facts.standby ? 'standby' : facts.writable ? 'writable' : 'read only',
    facts?.timeline ?? null,
    facts?.systemIdentifier ?? null,
    facts?.standbys.filter((one) => one.synchronous).map((one) => one.name) ?? [],
    status?.sync_standby ?? false,
  ])
  const text = JSON.stringify([
    name,
    leader?.address.name ?? null,
    parts,
    cluster?.pause ?? false,
    cluster?.scheduled_switchover ?? null,
  ])
  return createHash('sha256').update(text).digest('hex')
}

/**
 * Whether all that was acknowledged is on a member. Where the engine keeps commits waiting it says so itself, and only once
 * it is sure: PostgreSQL says it of a standby that has just been named, too.
 */
export function isSynchronous({ leader, config }: Topology, { address, status }: MemberView): boolean {
  if (config?.synchronous_mode) return status?.sync_standby === true
  return leader?.facts?.standbys.some((one) => one.name === address.name && one.synchronous) ?? false
}
