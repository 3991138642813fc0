import type { AccountCaller } from '@/lib/access/caller'
import { Problem } from '@/lib/http/problem'
import { takeLock } from '@/lib/lock'
import { type Actor, actorOf } from '@/lib/recovery/actor'
import type { OrderAnswer } from '@/lib/recovery/engine/patroni'
import type { Guard } from '@/lib/recovery/guard/contract'
import { appendJournal } from '@/lib/recovery/journal/file'
import { operationLock } from '@/lib/recovery/operations/store'
import { readTopology, type Topology } from '@/lib/recovery/topology/service'

/** An order with a reason, the cluster's name and the one who signed in; whatever comes of it is in the journal. */
export const guarded = (
  kind: string,
  guard: Guard,
  { account }: AccountCaller,
  order: (topology: Topology) => Promise<OrderAnswer>,
): Promise<{ message: string }> => guardedFor(actorOf(account), kind, guard, order)

/** The same for whoever acts. */
export async function guardedFor(
  actor: Actor,
  kind: string,
  { reason, confirm, ...proof }: Guard,
  order: (topology: Topology) => Promise<OrderAnswer>,
): Promise<{ message: string }> {
  const note = (message: string) => appendJournal({ kind, actor: actor.name, message, detail: { reason } })
  let release = () => {}
  try {
    // What is looked at has to hold when the order is given: nothing takes long in between, and nobody else acts.
    await actor.prove(proof)
    const lock = takeLock(operationLock(), kind)
    if ('holder' in lock) throw refuse(`Operation ${lock.holder.about} is under way: wait for its end.`)
    release = lock.release
    const topology = await readTopology()
    if (confirm !== topology.name) {
      const message = `Type the name of the cluster, ${topology.name}, to confirm`
      throw new Problem(422, `confirm: ${message}`, { errors: [{ path: 'confirm', message }] })
    }
    const { outcome, message } = await order(topology)
    if (outcome !== 'done' && outcome !== 'scheduled') throw refuse(`The engine says: ${message}`)
    await note(`${reason}: ${message || 'done'}`)
    return { message }
  } catch (error) {
    if (error instanceof Problem) await note(`refused: ${error.detail}`)
    throw error
  } finally {
    release()
  }
}

/** The answer to an order that is not carried out, and why. */
export const refuse = (detail: string): Problem => new Problem(409, detail)
