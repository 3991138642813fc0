import { setTimeout as sleep } from 'node:timers/promises'
import { endClients, fenceServer, isFenced, liftFence } from '@/db/queries/recovery/fence'
import type { MemberAddress } from '@/lib/env'
import { Problem } from '@/lib/http/problem'
import { log } from '@/lib/log'
import { appendJournal } from '@/lib/recovery/journal/file'
import { askMember } from '@/lib/recovery/members/session'
import type { Topology } from '@/lib/recovery/topology/service'

const FENCE_MS = 5_000
const STEP_MS = 50

/**
 * Fences a member whose agent is silent while its PostgreSQL goes on taking writes: by SQL, since nobody else can stop it.
 * Resolves when a new transaction there cannot write and every older connection is ended.
 *
 * @returns how many connections were ended
 * @throws Error when it does not answer in 5 s, or its role may not change the settings
 */
export const fenceMember = (address: MemberAddress): Promise<number> =>
  askMember(
    address,
    async (db) => {
      await fenceServer(db)
      while (!(await isFenced(db))) await sleep(STEP_MS)
      const ended = await endClients(db)
      // One that was being opened meanwhile may have begun with the old settings.
      await sleep(STEP_MS)
      return ended + (await endClients(db))
    },
    FENCE_MS,
  )

/**
 * Takes the fence from members that follow the leader again: they cannot do harm any more, and could not lead with it.
 * Called every 2 s; what fails is tried again.
 */
export async function liftFences({ members }: Topology): Promise<void> {
  for (const { address, facts } of members) {
    if (!facts?.fenced || !facts.standby || !facts.streaming) continue
    try {
      await askMember(address, liftFence)
      await appendJournal({
        kind: `unfence ${address.name}`,
        actor: 'holdfast',
        message: 'It follows the leader again: the fence is lifted',
      })
    } catch (error) {
      log('warn', 'a fence cannot be lifted', { member: address.name, error })
    }
  }
}

/** The member that is to be fenced. @throws Problem 404, or 409 with the reason why it is not to be */
export function wrongLeader({ members, writable, cluster, leader }: Topology, name: string) {
  const view = members.find(({ address }) => address.name === name)
  if (!view) throw new Problem(404, 'There is no such member.')
  if (!writable.includes(view)) throw new Problem(409, `${name} takes no writes: there is nothing to fence.`)
  if (writable.length < 2)
    throw new Problem(409, `No other member takes writes: without ${name} nobody would.`)
  if (!cluster || !leader || !writable.includes(leader))
    throw new Problem(
      409,
      'The engine names none of the members that take writes as the leader: it cannot be told which is wrong.',
    )
  if (view === leader) throw new Problem(409, `${name} is the one that the engine says leads: fence another.`)
  return view
}
