import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Cron } from 'croner'
import { writeDurably } from '@/lib/durable'
import { Problem } from '@/lib/http/problem'
import type { BackupSettings } from '@/lib/recovery/backups/contract'
import { recoveryFolder } from '@/lib/recovery/folder'

/** Full each night, increments each hour, verification each morning, a drill each Sunday; in UTC. */
export const DEFAULTS: BackupSettings = {
  full: '0 2 * * *',
  incremental: '30 * * * *',
  verify: '0 4 * * *',
  drill: '0 5 * * 0',
  keepFull: 3,
  windowDays: 7,
}

export const SCHEDULED = ['full', 'incremental', 'verify', 'drill'] as const
export type Scheduled = (typeof SCHEDULED)[number]

const path = (): string => join(recoveryFolder(), 'backup-settings.json')

/** What operators have set, or the defaults. */
export function readSettings(): BackupSettings {
  try {
    return { ...DEFAULTS, ...(JSON.parse(readFileSync(path(), 'utf8')) as BackupSettings) }
  } catch {
    return DEFAULTS
  }
}

/** @throws Problem 422 for what are no cron words */
export async function writeSettings(settings: BackupSettings): Promise<void> {
  const errors = SCHEDULED.filter((name) => settings[name] !== null && !nextOf(settings[name])).map(
    (name) => ({
      path: name,
      message: 'These are no cron words that ever come true, such as 0 2 * * *',
    }),
  )
  const [first] = errors
  if (first) throw new Problem(422, `${first.path}: ${first.message}`, { errors })
  await writeDurably(path(), JSON.stringify(settings))
}

/** When a schedule is due next after a moment; null for never, or for words that are none. */
export function nextOf(words: string | null, after = new Date()): Date | null {
  if (words === null) return null
  try {
    return new Cron(words, { timezone: 'UTC', paused: true }).nextRun(after)
  } catch {
    return null
  }
}
