import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeDurably } from '@/lib/durable'
import { env } from '@/lib/env'
import { Problem } from '@/lib/http/problem'
import { withLock } from '@/lib/lock'
import { log } from '@/lib/log'
import type { AlertChange, Thresholds } from '@/lib/recovery/alerts/contract'
import type { Observation, RuleState } from '@/lib/recovery/alerts/evaluate'
import { recoveryFolder } from '@/lib/recovery/folder'
import { replaceFile } from '@/lib/replace-file'

/** What is said of a metric alert beside what changed: of the others it stands in their rules. */
export interface About {
  project: { id: string; name: string }
  unit: string
  why: string
  action: string
  page: string
}

/** A change as it is kept and sent. */
export type KeptChange = AlertChange & { about?: About }

/** A metric alert as it was last measured. */
export interface SeenMetric {
  title: string
  value: number | null
  before: number | null
  detail: string
  /** Whether it could be compared with its bound. */
  known: boolean
  about: About
  at: number
}

/** A message that a channel has yet to get; times in milliseconds since 1970. */
export interface Delivery {
  channel: string
  message: KeptChange
  attempts: number
  queuedAt: number
  nextAt: number
}

/** How it goes with a channel. */
export interface ChannelState {
  deliveredAt: number | null
  failedAt: number | null
  /** Why the last attempt failed; null if it did not. */
  error: string | null
}

/** What the worker knows. One file, so that a change of state and the messages of it are on disk together or not at all. */
export interface AlertFile {
  states: Record<string, RuleState>
  /** Whether the channels were told that a rule fires, and at which level. */
  announced: Record<string, AlertChange['level'] | null>
  /** Newest last. */
  history: AlertChange[]
  outbox: Delivery[]
  channels: Record<string, ChannelState>
}

/** What was seen in the last round; made anew every 2 s, so a crash may lose it. */
export interface ObservedFile {
  at: number
  seen: Record<string, Observation>
}

/** What people set; silences as milliseconds since 1970. */
export interface SettingsFile {
  thresholds: Record<string, Thresholds>
  silencedUntil: Record<string, number>
}

const pathOf = (name: string): string => join(recoveryFolder('alerts'), name)

/** The worker's file; a process that does not write it only reads. */
export const readAlertFile = (): AlertFile => ({
  ...{ states: {}, announced: {}, history: [], outbox: [], channels: {} },
  ...read<AlertFile>('state.json'),
})

export const writeAlertFile = (file: AlertFile): Promise<void> =>
  writeDurably(pathOf('state.json'), JSON.stringify(file))

export const readObserved = (): ObservedFile | undefined => read<ObservedFile>('observed.json')

export const writeObserved = (observed: ObservedFile): void =>
  replaceFile(pathOf('observed.json'), JSON.stringify(observed))

/** What was last measured of metric alerts, by their ids. */
export const readMeasured = (): Record<string, SeenMetric> => read('metrics.json') ?? {}

export const writeMeasured = (measured: Record<string, SeenMetric>): void =>
  replaceFile(pathOf('metrics.json'), JSON.stringify(measured))

const toSettings = (found: SettingsFile | undefined): SettingsFile => ({
  ...{ thresholds: {}, silencedUntil: {} },
  ...found,
})

export const readSettings = (): SettingsFile => toSettings(read('settings.json'))

/** Changes what people set; one at a time, whichever process. */
export const changeSettings = (change: (settings: SettingsFile) => void): Promise<void> =>
  changeFile('settings.json', toSettings, change)

/**
 * Reads a file of the folder, lets it be changed, and keeps it, mode 0600; nobody else changes it meanwhile.
 *
 * @throws Problem 503 when there is one that cannot be read: what it holds must not be lost
 */
export function changeFile<File>(
  name: string,
  toFile: (found: File | undefined) => File,
  change: (file: File) => void,
): Promise<void> {
  return withLock(`${pathOf(name)}.lock`, name, async () => {
    const file = toFile(load(name))
    change(file)
    await writeDurably(pathOf(name), JSON.stringify(file))
  })
}

/** A file of the folder; undefined if there is none, or none that can be read: what watches must not end with it. */
export function read<File>(name: string): File | undefined {
  try {
    return load(name)
  } catch (error) {
    log('error', 'a file of alerts cannot be read', { name, error })
    return undefined
  }
}

/** The same for what must not be taken for nothing. @throws Problem 503 when it cannot be read */
export function load<File>(name: string): File | undefined {
  if (!env().HOLDFAST_DATA_DIR) return undefined
  try {
    return JSON.parse(readFileSync(pathOf(name), 'utf8')) as File
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new Problem(503, `${name} of the alerts cannot be read.`, { cause })
  }
}
