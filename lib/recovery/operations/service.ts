import type { OutputOf, ParsedInputOf } from '@/lib/http/endpoint'
import { Problem } from '@/lib/http/problem'
import type * as contract from '@/lib/recovery/operations/contract'
import { type KeptOperation, loadOperation, loadOperations } from '@/lib/recovery/operations/store'
import { loadTask, publicTask } from '@/lib/recovery/tasks/store'

/** One operation, from the disk of this machine: it needs no database. @throws Problem 404 */
export async function readOperation({
  id,
}: ParsedInputOf<typeof contract.getOperation>): Promise<OutputOf<typeof contract.getOperation>> {
  const operation = loadOperation(id)
  if (operation) return publicPart(operation)
  const task = loadTask(id)
  if (!task) throw new Problem(404, 'There is no such operation.')
  return publicTask(task)
}

/** The newest operations. */
export async function readOperations({
  limit,
}: ParsedInputOf<typeof contract.listOperations>): Promise<OutputOf<typeof contract.listOperations>> {
  return { operations: loadOperations().slice(0, limit).map(publicPart) }
}

const publicPart = ({ ordered, timeline, leaderAt, synchronous, ...operation }: KeptOperation) => operation
