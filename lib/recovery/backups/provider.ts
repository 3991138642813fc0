import type { BackupKind, BackupProblem } from '@/lib/recovery/backups/contract'
import type { BackupRecord } from '@/lib/recovery/backups/record'
import type { Target } from '@/lib/recovery/restore/contract'

/** What verification says of WAL stands under this, beside the ids of backups. */
export const ARCHIVE = 'archive'

/** What to do about WAL that is missing or damaged. */
export const MEND_WAL =
  'Copy it from the other repository, or from pg_wal of a member, if it is there whole. Else back up now: nothing is recovered past it from an earlier backup.'

/** A backup as its repository has it. LSNs are bytes since 0/0, times are ISO. */
export interface StoredBackup {
  id: string
  kind: BackupKind
  base: string | null
  startedAt: string
  endedAt: string
  member: string | null
  timeline: number
  /** The one that it ended on, if that is not the one it began on. */
  stopTimeline?: number
  startLsn: number
  stopLsn: number
  sizeBytes: number
  storedBytes: number
  /** What can be told without reading its content. */
  problems: BackupProblem[]
}

/** A WAL file of an archive, by its name of 24 digits. */
export interface ArchivedFile {
  name: string
  bytes: number
  /** When it was archived, in milliseconds since 1970. */
  at: number
}

/** All that a repository holds, without reading the content of backups or WAL. */
export interface Inventory {
  backups: StoredBackup[]
  wal: ArchivedFile[]
  /** The content of each timeline's history file. */
  histories: Map<number, string>
  segmentBytes: number
  storedBytes: number
  problems: BackupProblem[]
}

/** Called as the work goes on, in bytes; `total` null where it is not known. */
export type Progress = (done: number, total: number | null) => void

export interface RestoreOrder {
  repository: number
  backup: StoredBackup
  target: Target
  /** Where to: it is there, and empty. */
  folder: string
  /** WAL that is enough to reach the target; all from the backup on if nobody can tell. */
  upTo: number | null
  /** The timeline to go along. */
  along: number
}

/** What a provider could not do: what is wrong, and what to do. */
export class ProviderError extends Error {
  constructor(readonly problem: BackupProblem) {
    super(`${problem.what}: ${problem.action}`)
    this.name = 'ProviderError'
  }
}

/** What makes and keeps backups. Times out by itself; a repository that is away throws at once with a clear line. */
export interface Provider {
  kind: 'local' | 'pgbackrest'
  repositories: { number: number; location: string }[]
  /**
   * Whether the second repository is a copy of the first, which `replicate` makes. Else WAL is archived to each, and each has
   * backups of its own, by other ids.
   */
  copies: boolean
  /** @throws Error when the repository cannot be reached */
  take(repository: number): Promise<Inventory>
  /** @returns the backup, complete in the first repository (pgBackRest: in every one) */
  backUp(kind: BackupKind, progress: Progress, abort: AbortSignal): Promise<StoredBackup>
  /** Reads all content and compares it with its checksums. @returns what is wrong, by backup, and ARCHIVE */
  verify(repository: number, progress: Progress, abort: AbortSignal): Promise<Map<string, BackupProblem[]>>
  /**
   * Puts the files of a backup, ready for recovery, into a folder.
   *
   * @returns settings to start a server there with, so that it replays to the target and stands still there
   */
  restore(order: RestoreOrder, progress: Progress, abort: AbortSignal): Promise<Record<string, string>>
  /** Brings the other repository up to date, where the engine does not do so by itself. @returns what was done, in words */
  replicate(progress: Progress, abort: AbortSignal): Promise<string>
  /** Another word whenever there is something new to replicate; left out where that takes as long as to replicate. */
  mark?(): Promise<string>
  /** What the tables held at a backup, if that was kept with it. */
  readRecord(repository: number, backup: string): Promise<BackupRecord | null>
  keepRecord(backup: string, record: BackupRecord): Promise<void>
  /** Removes what neither a kept backup nor the window needs. @returns what was done, in words */
  expire(keepFull: number, windowDays: number): Promise<string>
}
