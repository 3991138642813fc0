import { env } from '@/lib/env'
import { log } from '@/lib/log'
import { findProvider } from '@/lib/recovery/backups/provider-of'
import { findRunning } from '@/lib/recovery/tasks/store'
import { singleton } from '@/lib/singleton'

/**
 * While nothing new is in the first repository, the second is looked at this seldom, in milliseconds: a look takes a request for
 * every backup, which S3 puts on a bill.
 */
const LOOK_MS = 60_000

/**
 * Brings the second repository up to date, every few seconds: WAL as it is archived, and whatever it missed while it was away.
 * Nothing waits for it. What keeps it from that is in the log once.
 */
export async function catchUpSecond(): Promise<void> {
  const provider = env().HOLDFAST_DATA_DIR ? findProvider() : null
  if (!provider || provider.repositories.length < 2) return
  // A backup copies itself when it is whole.
  if (findRunning('backup')) return
  const last = singleton('backups.catch-up', () => ({ fault: '', mark: '', at: 0 }))
  try {
    const mark = await provider.mark?.()
    if (mark !== undefined && mark === last.mark && Date.now() < last.at + LOOK_MS) return
    last.mark = ''
    await provider.replicate(() => {}, new AbortController().signal)
    if (last.fault) log('info', 'the second repository is up to date again')
    Object.assign(last, { fault: '', mark, at: Date.now() })
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error)
    if (fault !== last.fault) log('warn', 'the second repository cannot be brought up to date', { fault })
    last.fault = fault
  }
}
