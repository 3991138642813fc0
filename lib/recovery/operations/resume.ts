import { env } from '@/lib/env'
import { lockHolder, takeLock } from '@/lib/lock'
import { log } from '@/lib/log'
import { type Drafted, draftPlan } from '@/lib/recovery/failover/plan'
import { PLAN_MS } from '@/lib/recovery/failover/plans'
import { appendJournal } from '@/lib/recovery/journal/file'
import { runOperation } from '@/lib/recovery/operations/run'
import {
  type KeptOperation,
  keepOperation,
  loadOperation,
  loadOperations,
  operationLock,
} from '@/lib/recovery/operations/store'

/**
 * Takes over an operation whose process died, and sees it through. The engine may have acted already, or never have heard of
 * it: it is asked once more if every check still passes that passed for the order, within the life of a plan. One that the
 * engine cannot have been asked for is ended otherwise, for nothing was done. To be called every now and then, by any process.
 */
export async function resumeOperations(): Promise<void> {
  if (!env().HOLDFAST_DATA_DIR) return
  const found = loadOperations().find(({ state }) => state === 'running')
  if (!found || lockHolder(operationLock())) return
  const drafted = await draftPlan(found.kind, found.to, found.actor).catch(() => null)
  const lock = takeLock(operationLock(), found.id)
  if ('holder' in lock) return
  try {
    const left = loadOperation(found.id)
    if (left?.state !== 'running') return
    log('warn', 'an operation was left by a process that died', { id: left.id, ordered: left.ordered })
    const objection = findObjection(left, drafted)
    const ends = objection !== null && !left.ordered
    const message = ends ? `${objection}: nothing was done.` : 'Another process sees it through.'
    await appendJournal({ kind: 'resumed', actor: left.actor, operationId: left.id, message })
    if (ends) await keepOperation({ ...left, state: 'failed', message, endedAt: new Date().toISOString() })
    else await runOperation(left, objection === null)
  } finally {
    lock.release()
  }
}

/** Why an order must not be given any more; null if it may. */
function findObjection({ startedAt, overridden }: KeptOperation, drafted: Drafted | null): string | null {
  if (Date.now() - Date.parse(startedAt) > PLAN_MS) return 'The process died, and the plan has expired'
  if (!drafted) return 'The process died, and the cluster could not be looked at'
  const failed = drafted.plan.checks.find(
    ({ name, status }) => status === 'fail' && !overridden.includes(name),
  )
  return failed ? `The process died, and by now ${failed.name}: ${failed.observed}` : null
}
