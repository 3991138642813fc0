import { setTimeout as sleep } from 'node:timers/promises'
import { countUnarchived, readMemberFacts, switchWal } from '@/db/queries/recovery/member-facts'
import { env, type MemberAddress } from '@/lib/env'
import { readHistory } from '@/lib/recovery/engine/patroni'
import { formatBytes, formatLsn } from '@/lib/recovery/format'
import { askMember } from '@/lib/recovery/members/session'
import type { KeptOperation } from '@/lib/recovery/operations/store'
import type { Watch } from '@/lib/recovery/operations/watch'

const ARCHIVE_MS = 10_000
const REJOIN_MS = 60_000
/** The history has the new timeline only some seconds after the promotion. */
const HISTORY_MS = 15_000
const EVERY_MS = 100

/** That the new leader leads alone, on a new timeline, and archives. @throws Error if another takes writes as well */
export async function verifyLeader({ to, timeline }: KeptOperation, watch: Watch): Promise<string> {
  const members = env().HOLDFAST_MEMBERS
  const others = members.filter(({ name }) => name !== to && watch.of(name).state === 'writable')
  if (others.length > 0)
    throw new Error(
      `${others.map(({ name }) => name).join(', ')} takes writes as well as ${to}: fence it now`,
    )
  const facts = await askMember(find(to), readMemberFacts)
  const archive = facts.archiving ? await proveArchive(find(to)) : 'archiving is off'
  return `${to} alone takes writes, on timeline ${facts.timeline} after ${timeline}; ${archive}`
}

/** Archiving is the member's own: that it worked on the old leader says nothing of the new one. */
async function proveArchive(member: MemberAddress): Promise<string> {
  await askMember(member, switchWal).catch(() => {})
  const answer = await askUntil(ARCHIVE_MS, async () => {
    const waiting = await askMember(member, countUnarchived).catch(() => null)
    if (waiting === 0) return 'its WAL is archived'
    return waiting === null ? 'whether it archives cannot be told' : undefined
  })
  return answer ?? 'ITS WAL IS NOT ARCHIVED: see archive_command and the log of PostgreSQL'
}

/**
 * What the old leader had and the new one has not, by where the new timeline begins.
 *
 * @param handedOver the old leader was seen following the new one
 */
export async function measureLoss(
  { kind, timeline, leaderAt, synchronous }: KeptOperation,
  handedOver: boolean,
) {
  if (kind === 'switchover' && (synchronous || handedOver))
    return { bytes: 0, range: null, detail: 'nothing is lost: it had replayed everything' }
  if (synchronous)
    return { bytes: 0, range: null, detail: 'nothing that was acknowledged is lost: commits waited for it' }
  const branch = await findBranch(timeline)
  if (branch === null || leaderAt === null)
    return {
      bytes: null,
      range: null,
      detail: 'what is lost cannot be told: nobody saw where the old leader was',
    }
  if (leaderAt <= branch)
    return {
      bytes: null,
      range: null,
      detail: 'nothing is lost of what was seen of the old leader; what it did after that nobody saw',
    }
  const range = { from: formatLsn(branch), to: formatLsn(leaderAt) }
  const bytes = leaderAt - branch
  return { bytes, range, detail: `lost: ${formatBytes(bytes)} of WAL, from ${range.from} to ${range.to}` }
}

/** Where a timeline ended, in bytes since 0/0. */
async function findBranch(timeline: number): Promise<number | null> {
  const ended = await askUntil(HISTORY_MS, async () =>
    (await readHistory(env().HOLDFAST_MEMBERS)).findLast(([one]) => one === timeline),
  )
  return ended ? ended[1] : null
}

/** What became of the old leader: after a switchover it follows by itself; after a failover it waits to be made anew. */
export async function describeRejoin({ kind, from, to }: KeptOperation) {
  if (from === null) return { state: 'skipped' as const, detail: 'There was no old leader' }
  const streams = await askUntil(kind === 'switchover' ? REJOIN_MS : 0, async () => {
    const facts = await askMember(find(from), readMemberFacts).catch(() => null)
    return facts?.standby && facts.streaming ? true : undefined
  })
  if (streams) return { state: 'done' as const, detail: `${from} streams from ${to}` }
  if (kind === 'switchover') throw new Error(`${from} does not stream from ${to} yet: reinitialize it`)
  return { state: 'skipped' as const, detail: `${from} stays out until it is reinitialized` }
}

/**
 * Asks until there is an answer, for a time; undefined if there was none.
 *
 * The pause stands in the loop's body: in its head, where a name was shadowed, the bundler left `sleep` unresolved.
 */
async function askUntil<T>(waitMs: number, ask: () => Promise<T | undefined>): Promise<T | undefined> {
  const deadline = Date.now() + waitMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined || Date.now() >= deadline) return answer
    await sleep(EVERY_MS)
  }
}

const find = (name: string): MemberAddress =>
  env().HOLDFAST_MEMBERS.find((member) => member.name === name) as MemberAddress
