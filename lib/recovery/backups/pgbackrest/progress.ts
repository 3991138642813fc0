import type { Progress } from '@/lib/recovery/backups/provider'

const units: Record<string, number> = { B: 1, KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30, TB: 2 ** 40 }

/** What a line of the log tells of a file that was copied: its bytes, and how much of all is done. */
export function parseCopied(line: string): { bytes: number; percent: number } | null {
  const [, number, unit, percent] =
    /^DETAIL: (?:backup|restore) file .*\((?:[^()]*, )?([\d.]+)([KMGT]?B), ([\d.]+)%\)/.exec(line) ?? []
  if (!number || !unit || !percent) return null
  return { bytes: Number(number) * (units[unit] ?? 1), percent: Number(percent) }
}

/**
 * Follows the log of a backup or restore.
 *
 * @param total bytes in all, where that is known; else it is reckoned from the first files and what part of all they are
 */
export function followCopy(progress: Progress, total: number | null): (line: string) => void {
  let done = 0
  let all = total
  return (line) => {
    const copied = parseCopied(line)
    if (!copied) return
    done += copied.bytes
    if (all === null && copied.percent > 0) all = Math.round((done / copied.percent) * 100)
    if (all !== null) progress(Math.min(all, Math.round((all * copied.percent) / 100)), all)
  }
}
