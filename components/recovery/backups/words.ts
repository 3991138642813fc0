import { formatDay, formatDuration, formatTime, NONE } from '@/components/ui/format'
import type { Backup, BackupHealth, BackupKind } from '@/lib/recovery/backups/contract'

export const kindWords: Record<BackupKind, string> = {
  full: 'Full',
  differential: 'Differential',
  incremental: 'Incremental',
}

export const kindHelp: Record<BackupKind, string> = {
  full: 'Copies everything; needs no other backup',
  differential: 'What changed since the last full one',
  incremental: 'What changed since the last one; quick, and builds on it',
}

/** What a backup is worth, the best first: only one that a drill has restored is proven. */
export type Worth = 'proven' | 'verified' | 'whole' | 'failed' | 'damaged'
export const worths: Worth[] = ['proven', 'verified', 'whole', 'failed', 'damaged']

export const worthWords: Record<Worth, string> = {
  proven: 'Proven',
  verified: 'Verified',
  whole: 'Whole',
  failed: 'Failed a drill',
  damaged: 'Damaged',
}

export const worthHelp: Record<Worth, string> = {
  proven: 'a drill has restored it',
  verified: 'read, and as its checksums say',
  whole: 'all files are there; nobody has read them since',
  failed: 'its last drill did not bring it back; the task says why',
  damaged: 'it cannot be restored',
}

/** One that failed its drill is not to be relied upon, whatever else is said of it. */
export function worthOf({ state, verified, drilled }: Backup): Worth {
  if (state !== 'complete') return state
  if (verified?.passed === false) return 'damaged'
  if (drilled?.passed === false) return 'failed'
  if (drilled) return 'proven'
  return verified ? 'verified' : 'whole'
}

export const healthWords: Record<BackupHealth['status'], string> = {
  pass: 'Recovery is possible',
  warn: 'Needs attention',
  fail: 'Recovery is at risk',
}

/** Seconds as an age: 42 s, 12 min, 3 h 5 min, 2 d 4 h. */
export function formatAge(seconds: number | null): string {
  if (seconds === null) return NONE
  const minutes = Math.floor(Math.max(0, seconds) / 60)
  if (minutes < 1) return `${Math.floor(Math.max(0, seconds))} s`
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return `${hours} h ${minutes % 60} min`
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}

/** 12 Nov, 14:03: a moment in UTC where there is little room, and another place has it in full. */
export const formatShort = (iso: string): string =>
  `${formatDay(iso, 'UTC').replace(/ \d+$/, '')}, ${formatTime(iso, 'UTC').slice(0, 5)}`

/** Seconds that were measured, such as an RTO. */
export const formatSeconds = (seconds: number | null): string =>
  formatDuration(seconds === null ? null : seconds * 1000)

export const secondsBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 1000
