import type { AccountCaller } from '@/lib/access/caller'
import type { OutputOf, ParsedInputOf } from '@/lib/http/endpoint'
import { Problem } from '@/lib/http/problem'
import { orderPause, orderReinitialize } from '@/lib/recovery/engine/patroni'
import { guarded, refuse } from '@/lib/recovery/guard/service'
import type * as contract from '@/lib/recovery/members/contract'
import { fenceMember, wrongLeader } from '@/lib/recovery/members/fence'

/** Has a member made anew from the leader. @throws Problem 409 with the reason of a refusal, 404, 403, 422 */
export async function reinitialize(
  input: ParsedInputOf<typeof contract.reinitializeMember>,
  caller: AccountCaller,
): Promise<OutputOf<typeof contract.reinitializeMember>> {
  return guarded(`reinitialize ${input.member}`, input, caller, async ({ members, leader, writable }) => {
    const view = members.find(({ address }) => address.name === input.member)
    if (!view) throw new Problem(404, 'There is no such member.')
    if (view === leader) throw refuse(`${input.member} leads: its data are what the others are made from.`)
    if (!writable.some((one) => one !== view))
      throw refuse('No other member takes writes: there is nobody to make it from.')
    return orderReinitialize(view.address)
  })
}

/** Pauses the engine, or lets it go on. @throws Problem 409, 403, 422 */
export async function pause(
  input: ParsedInputOf<typeof contract.pauseEngine>,
  caller: AccountCaller,
): Promise<OutputOf<typeof contract.pauseEngine>> {
  return guarded(input.paused ? 'pause' : 'resume', input, caller, async ({ members, cluster }) => {
    if ((cluster?.pause ?? false) === input.paused)
      throw refuse(input.paused ? 'It is paused already.' : 'It is not paused.')
    const answering = members.find(({ status }) => status !== null)
    if (!answering) throw refuse('No member’s agent answers.')
    return orderPause(answering.address, input.paused)
  })
}

/** Keeps one of two members that take writes from acknowledging any more. @throws Problem 409 with the reason, 404, 403, 422 */
export async function fence(
  input: ParsedInputOf<typeof contract.fenceMember>,
  caller: AccountCaller,
): Promise<OutputOf<typeof contract.fenceMember>> {
  return guarded(`fence ${input.member}`, input, caller, async (topology) => {
    const { address } = wrongLeader(topology, input.member)
    const ended = await fenceMember(address).catch((error: Error) => {
      throw refuse(`${address.name} could not be fenced, stop its PostgreSQL by hand: ${error.message}`)
    })
    const message = `${address.name} acknowledges no more writes; ${ended} connections were ended`
    return { outcome: 'done', status: null, message }
  })
}
