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
 * Takes over an operation whose process died, and sees it through. The engine may have acted already; one that it was not
 * asked for yet is asked for now, unless too much time has passed or the leader came back: then it is ended, for nothing
 * was done. To be called every now and then, by any process.
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
    const message = stale ? `${stale}: nothing was done.` : 'Another process sees it through.'
    await appendJournal({ kind: 'resumed', actor: left.actor, operationId: left.id, message })
    if (stale) await keepOperation({ ...left, state: 'failed', message, endedAt: new Date().toISOString() })
    else await runOperation(left)
  } finally {
    lock.release()
  }
}

/** Why an order that was not given yet must not be given any more; null if it may. */
async function isStale({ ordered, startedAt, kind, from }: KeptOperation): Promise<string | null> {
  if (ordered) return null
  if (Date.now() - Date.parse(startedAt) > PLAN_MS) return 'The process died, and the plan has expired'
  const { writable } = await readTopology()
  const isBack = writable.some(({ address }) => address.name === from)
  return kind === 'failover' && isBack ? 'The process died, and the leader takes writes again' : null
}
