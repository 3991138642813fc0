import { type AlertFile, readAlertFile, writeAlertFile } from '@/lib/recovery/alerts/store'
import { singleton } from '@/lib/singleton'

/** The worker's own copy of its file: nobody else writes it. */
const memory = () =>
  singleton('alerts.memory', () => ({ file: readAlertFile(), writing: Promise.resolve(), unwritten: false }))

/** What the worker knows, to be changed in place and then kept. */
export const knownAlerts = (): AlertFile => memory().file

/**
 * Writes what is known, as it is when its turn comes. Resolves when it is on disk.
 *
 * @throws Error when it cannot be written: it is known all the same, and `isUnwritten` until it could be
 */
export function keepAlerts(): Promise<void> {
  const held = memory()
  const write = held.writing
    .then(() => writeAlertFile(held.file))
    .then(
      () => {
        held.unwritten = false
      },
      (error) => {
        held.unwritten = true
        throw error
      },
    )
  held.writing = write.catch(() => {})
  return write
}

/** Whether the last write failed. */
export const isUnwritten = (): boolean => memory().unwritten
