import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Archiver, readArchiver } from '@/db/queries/recovery/archiver'
import { countUnarchived } from '@/db/queries/recovery/member-facts'
import { inTime } from '@/lib/in-time'
import { leadsTo, newestTimeline, walkArchive } from '@/lib/recovery/backups/archive'
import type {
  ArchiveGap,
  Backup,
  BackupProblem,
  RecoveryWindow,
  Repository,
} from '@/lib/recovery/backups/contract'
import { type Proofs, proofKey, readProofs } from '@/lib/recovery/backups/proofs'
import {
  ARCHIVE,
  type Inventory,
  MEND_WAL,
  type Provider,
  ProviderError,
  type StoredBackup,
} from '@/lib/recovery/backups/provider'
import { findProvider } from '@/lib/recovery/backups/provider-of'
import { recoveryFolder } from '@/lib/recovery/folder'
import { formatLsn } from '@/lib/recovery/format'
import { listServers } from '@/lib/recovery/members/servers'
import { loadTasks } from '@/lib/recovery/tasks/store'
import { replaceFile } from '@/lib/replace-file'

/** Everything that is known of backups, looked at in one go: it takes a listing of every repository. */
export interface View {
  at: number
  provider: Provider['kind'] | null
  repositories: Repository[]
  backups: Backup[]
  archivers: (Archiver & { member: string; waiting: number | null })[]
}

/** A view that is younger is good enough, in milliseconds; the worker makes one every 30 s. */
const FRESH_MS = 90_000
/** A repository that takes longer is away, in milliseconds. */
const ANSWER_MS = 20_000

const path = (): string => join(recoveryFolder(), 'backup-view.json')

/** Looks at everything, for those who read it by `readView`. */
export async function keepView(): Promise<View> {
  const view = await look()
  replaceFile(path(), JSON.stringify(view))
  return view
}

/** What was seen last, or, if that is old, what is there now. */
export async function readView(): Promise<View> {
  try {
    const view = JSON.parse(readFileSync(path(), 'utf8')) as View
    if (Date.now() - view.at < FRESH_MS && view.at > lastEnd())
      return { ...view, backups: view.backups.map(proven(readProofs())) }
  } catch {
    // Nobody has looked yet.
  }
  return keepView()
}

/** When the newest task ended, in milliseconds since 1970: what it made must not wait for its turn to be seen. */
const lastEnd = (): number => Math.max(0, ...loadTasks().map(({ endedAt }) => Date.parse(endedAt ?? '') || 0))

async function look(): Promise<View> {
  const provider = findProvider()
  const at = Date.now()
  const archivers = await readArchivers()
  if (!provider) return { at, provider: null, repositories: [], backups: [], archivers }
  const looked = await Promise.all(provider.repositories.map((repository) => lookAt(provider, repository)))
  const proofs = readProofs()
  const timeout = archivers.find(({ archiving }) => archiving)
  return {
    at,
    provider: provider.kind,
    repositories: looked.map((one, index) =>
      describe(provider, one, index === 0 ? null : (looked[0] as Looked), proofs, at, timeout),
    ),
    backups: looked
      .flatMap(({ number, inventory }) =>
        (inventory?.backups ?? []).map((backup) => toBackup(number, backup, inventory as Inventory)),
      )
      .map(proven(proofs))
      .sort((a, b) => b.startedAt.localeCompare(a.startedAt) || a.repository - b.repository),
    archivers,
  }
}

interface Looked {
  number: number
  location: string
  inventory: Inventory | null
  /** Why it is not known what it holds. */
  fault: BackupProblem | null
}

async function lookAt(
  provider: Provider,
  { number, location }: Provider['repositories'][number],
): Promise<Looked> {
  const action = bringBack(provider.kind, number)
  let fault: BackupProblem = { what: `${location} gave no answer in ${ANSWER_MS / 1000} s`, action }
  const inventory = await inTime(ANSWER_MS, () =>
    provider.take(number).catch((error: Error) => {
      fault = error instanceof ProviderError ? error.problem : { what: error.message, action }
      throw error
    }),
  )
  return { number, location, inventory, fault: inventory ? null : fault }
}

/** What to do about a repository that is away, where its provider does not say. */
function bringBack(kind: Provider['kind'], number: number): string {
  if (number === 1)
    return 'Bring its disk back. If it is lost: the second repository holds the backups; back up now into a new one.'
  const elsewhere =
    kind === 'local'
      ? 'name another place in BACKUP_SECONDARY_STORAGE'
      : 'configure another as repo2 of pgBackRest'
  return `Bring it back, or ${elsewhere}: it catches up by itself.`
}

async function readArchivers(): Promise<View['archivers']> {
  const asked = listServers().map(async ({ name, ask }) => {
    const archiver = await ask(readArchiver).catch(() => null)
    if (!archiver) return null
    return { ...archiver, member: name, waiting: await ask(countUnarchived).catch(() => null) }
  })
  return (await Promise.all(asked)).filter((one) => one !== null)
}

function describe(
  { copies }: Provider,
  { number, location, inventory, fault }: Looked,
  first: Looked | null,
  proofs: Proofs,
  now: number,
  archiver: View['archivers'][number] | undefined,
): Repository {
  const empty = { backups: 0, segments: 0, storedBytes: 0, window: null, gaps: [], rpoSeconds: null }
  if (!inventory)
    return { number, location, reachable: false, behind: null, ...empty, problems: fault ? [fault] : [] }
  const { gaps, window, at } = walkAll(inventory)
  const archived = proofs[proofKey(number, ARCHIVE)]?.verified?.problems ?? []
  const behind = first?.inventory ? behindOf(first.inventory, inventory, copies) : null
  return {
    number,
    location,
    reachable: true,
    backups: inventory.backups.length,
    segments: inventory.wal.length,
    storedBytes: inventory.storedBytes,
    window,
    gaps,
    rpoSeconds: at === null ? null : rpoOf(at, now, archiver, behind),
    behind: first ? behind : null,
    problems: [...inventory.problems, ...archived],
  }
}

/**
 * Seconds since everything was in a repository. PostgreSQL leaves a segment open in which nothing happens: while it archives
 * what there is, what is not archived is younger than its archive_timeout.
 */
function rpoOf(
  at: number,
  now: number,
  archiver: View['archivers'][number] | undefined,
  behind: Repository['behind'],
): number {
  const seconds = Math.max(0, (now - at) / 1000)
  const inOrder = archiver && !archiver.failing && archiver.waiting === 0 && archiver.timeoutSeconds > 0
  return inOrder && (behind?.files ?? 0) === 0 ? Math.min(seconds, archiver.timeoutSeconds) : seconds
}

/** The gaps after the oldest whole backup, and the window that reaches to the newest WAL without one. */
function walkAll(inventory: Inventory): {
  gaps: ArchiveGap[]
  window: RecoveryWindow | null
  at: number | null
} {
  // What a recovery left behind leads to no moment of the cluster as it is now.
  const newest = newestTimeline(inventory)
  const sound = inventory.backups
    .filter((backup) => backup.problems.length === 0 && leadsTo(backup, inventory, newest))
    .toSorted((a, b) => a.stopLsn - b.stopLsn)
  const gaps: ArchiveGap[] = []
  for (const backup of sound) {
    const walk = walkArchive(backup, inventory)
    for (const gap of walk.gaps)
      if (!gaps.some(({ from, timeline }) => from === gap.from && timeline === gap.timeline))
        gaps.push({ ...gap, backup: backup.id })
    if (walk.gaps.length > 0 || walk.reach < backup.stopLsn) continue
    const window = {
      from: backup.endedAt,
      fromLsn: formatLsn(backup.stopLsn),
      to: new Date(Math.max(walk.at ?? 0, Date.parse(backup.endedAt))).toISOString(),
      toLsn: formatLsn(walk.reach),
      timeline: walk.timeline,
    }
    return { gaps, window, at: walk.at }
  }
  return { gaps, window: null, at: null }
}

/**
 * WAL from the oldest backup on, and whole backups, that the second lacks. One that is no copy has backups of its own: it
 * lacks those that were made after its newest, and WAL from its own oldest on.
 */
function behindOf(first: Inventory, second: Inventory, copies: boolean): { files: number; bytes: number } {
  const there = new Set([...second.wal.map(({ name }) => name), ...second.backups.map(({ id }) => id)])
  const isWhole = ({ problems }: StoredBackup) => problems.length === 0
  const oldest = (copies ? first : second).backups
    .filter(isWhole)
    .toSorted((a, b) => a.startLsn - b.startLsn)[0]
  const needed = oldest ? new Set(walkArchive(oldest, first).files.map(({ name }) => name)) : null
  const wal = first.wal.filter(({ name }) => !there.has(name) && (needed === null || needed.has(name)))
  const newest = Math.max(...second.backups.filter(isWhole).map(({ stopLsn }) => stopLsn))
  const backups = first.backups
    .filter(isWhole)
    .filter(({ id, stopLsn }) => (copies ? !there.has(id) : stopLsn > newest))
  return {
    files: wal.length + backups.length,
    bytes:
      wal.reduce((sum, { bytes }) => sum + bytes, 0) +
      backups.reduce((sum, { storedBytes }) => sum + storedBytes, 0),
  }
}

function toBackup(
  repository: number,
  { problems, startLsn, stopLsn, ...backup }: StoredBackup,
  inventory: Inventory,
): Backup {
  const found = [...problems]
  if (
    problems.length === 0 &&
    walkArchive({ ...backup, startLsn, stopLsn }, inventory, stopLsn).reach < stopLsn
  )
    found.push({
      what: `WAL that backup ${backup.id} needs is missing from repository ${repository}.`,
      action: MEND_WAL,
    })
  return {
    ...backup,
    repository,
    startLsn: formatLsn(startLsn),
    stopLsn: formatLsn(stopLsn),
    state: found.length > 0 ? 'damaged' : 'complete',
    problems: found,
    verified: null,
    drilled: null,
  }
}

/** Adds what verification and drills have shown since. */
const proven =
  (proofs: Proofs) =>
  (backup: Backup): Backup => {
    const { verified, drilled } = proofs[proofKey(backup.repository, backup.id)] ?? {}
    const added = (verified?.problems ?? []).filter(
      ({ what }) => !backup.problems.some((one) => one.what === what),
    )
    return {
      ...backup,
      problems: [...backup.problems, ...added],
      state: added.length > 0 ? 'damaged' : backup.state,
      verified: verified ? { at: verified.at, passed: verified.passed } : null,
      drilled: drilled
        ? { at: drilled.at, passed: drilled.passed, rtoSeconds: drilled.rtoSeconds, taskId: drilled.taskId }
        : null,
    }
  }
