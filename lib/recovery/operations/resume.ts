import { env } from '@/lib/env'
import { lockHolder, takeLock } from '@/lib/lock'
import { log } from '@/lib/log'
import { PLAN_MS } from '@/lib/recovery/failover/plans'
import { appendJournal } from '@/lib/recovery/journal/file'
import { runOperation } from '@/lib/recovery/operations/run'
import {
  type KeptOperation,
  keepOperation,
  loadOperations,
  operationLock,
} from '@/lib/recovery/operations/store'
import { readTopology } from '@/lib/recovery/topology/service'

/**
 * Takes over an operation whose process died, and sees it through. The engine may have acted already, or never have heard of
 * it: it is asked once more, unless too much time has passed or the leader came back. One that it cannot have been asked for
 * is ended then, for nothing was done. To be called every now and then, by any process.
 */
export async function resumeOperations(): Promise<void> {
  if (!env().HOLDFAST_DATA_DIR) return
  if (lockHolder(operationLock())) return
  const left = loadOperations().find(({ state }) => state === 'running')
  if (!left) return
  const lock = takeLock(operationLock(), left.id)
  if ('holder' in lock) return
  try {
    log('warn', 'an operation was left by a process that died', { id: left.id, ordered: left.ordered })
    const stale = await isStale(left)
    const ends = stale !== null && !left.ordered
    const message = ends ? `${stale}: nothing was done.` : 'Another process sees it through.'
    await appendJournal({ kind: 'resumed', actor: left.actor, operationId: left.id, message })
    if (ends) await keepOperation({ ...left, state: 'failed', message, endedAt: new Date().toISOString() })
    else await runOperation(left, stale === null)
  } finally {
    lock.release()
  }
}

/** Why an order must not be given any more; null if it may. */
async function isStale({ startedAt, kind, from }: KeptOperation): Promise<string | null> {
  if (Date.now() - Date.parse(startedAt) > PLAN_MS) return 'The process died, and the plan has expired'
  const { writable } = await readTopology()
  const isBack = writable.some(({ address }) => address.name === from)
  return kind === 'failover' && isBack ? 'The process died, and the leader takes writes again' : null
}
