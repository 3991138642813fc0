import { setTimeout as sleep } from 'node:timers/promises'
import { readMemberFacts } from '@/db/queries/recovery/member-facts'
import { followLeader } from '@/lib/database'
import { env, type MemberAddress } from '@/lib/env'
import type { ParsedInputOf } from '@/lib/http/endpoint'
import type { Actor } from '@/lib/recovery/actor'
import { type OrderAnswer, orderRestore } from '@/lib/recovery/engine/patroni'
import { guardedFor, refuse } from '@/lib/recovery/guard/service'
import { askMember } from '@/lib/recovery/members/session'
import type * as contract from '@/lib/recovery/restore/contract'
import type { Works } from '@/lib/recovery/tasks/run'
import { beginTask, type KeptTask, loadTask, loadTasks } from '@/lib/recovery/tasks/store'
import { readTopology } from '@/lib/recovery/topology/service'

/** The leader replays to the target once more, and then takes writes: this long at the most, in milliseconds. */
const START_MS = 30 * 60_000
const REBUILD_MS = 30 * 60_000
const EVERY_MS = 250

/** A restore that may be put in the leader's place: the newest, or that of a folder. @throws Problem 409 */
export function findRestore(folder?: string): KeptTask {
  const found = loadTasks().find(
    (task) =>
      task.kind === 'restore' &&
      task.state === 'succeeded' &&
      (folder === undefined || task.folder === folder),
  )
  if (!found)
    throw refuse(
      folder ? `${folder} is of no restore that succeeded.` : 'There is no restore that succeeded.',
    )
  return found
}

/** Asks for a restored folder to be put in the leader's place, by the guard of every order to the cluster. @throws Problem 409, 422, 403 */
export async function cutOverBy(
  { taskId, ...guard }: ParsedInputOf<typeof contract.cutOver>,
  actor: Actor,
): Promise<{ taskId: string }> {
  const restore = loadTask(taskId)
  if (restore?.kind !== 'restore' || restore.state !== 'succeeded' || !restore.folder)
    throw refuse('There is no such restore that succeeded.')
  if (
    loadTasks().some(
      ({ order, state }) => order.kind === 'cut-over' && order.restore === taskId && state !== 'failed',
    )
  )
    throw refuse('This restore was put in the leader’s place already: restore anew.')
  let begun = ''
  await guardedFor(actor, 'cut-over', guard, async ({ leader, writable }) => {
    if (writable.length > 1) throw refuse('Two members take writes: fence the wrong one first.')
    if (!leader) throw refuse('Nobody knows who leads: its data cannot be replaced.')
    const { id } = await beginTask(
      { kind: 'cut-over', restore: taskId, leader: leader.address.name },
      actor.name,
      guard.reason,
    )
    begun = id
    return {
      outcome: 'scheduled',
      status: null,
      message: `${restore.message} It is put in the place of ${leader.address.name}`,
    }
  })
  return { taskId: begun }
}

/** Puts a restored folder in the leader's place, and sees that the cluster is whole again. */
export const cutOver: Works['cut-over'] = async ({ task, abort, step }) => {
  const { restore: restoreId, leader: name } = task.order
  const restore = loadTask(restoreId)
  const leader = env().HOLDFAST_MEMBERS.find((member) => member.name === name)
  if (!restore?.folder || !leader)
    throw new Error('The restore, or the member that led, is not known any more.')
  task.folder = restore.folder
  const before = await askMember(leader, readMemberFacts).catch(() => null)
  const ordered = { answer: undefined as OrderAnswer | undefined }
  const begun = Date.now()
  await step('stop', async () => {
    void orderRestore(leader, restore.folder as string).then((answer) => {
      ordered.answer = answer
    })
    await until(
      START_MS,
      abort,
      async () => refused(ordered.answer) ?? !(await isSame(leader, before?.timeline)),
    )
    return `${name} stopped, and its data are kept beside`
  })
  await step('start', async () => {
    const facts = await until(START_MS, abort, async () => {
      const now = refused(ordered.answer) ?? (await askMember(leader, readMemberFacts).catch(() => null))
      return now?.writable && now.timeline !== before?.timeline ? now : false
    })
    await followLeader()
    task.rtoSeconds = (Date.now() - begun) / 1000
    return `${name} takes writes on timeline ${facts.timeline}`
  })
  await step('rebuild', async () => {
    const standbys = await until(REBUILD_MS, abort, async () => {
      const { members } = await readTopology()
      const others = members.filter(({ address }) => address.name !== name)
      return others.every(({ facts }) => facts?.standby && facts.streaming) && others
    })
    return `${standbys.map(({ address }) => address.name).join(', ') || 'no standby'} made anew, and following`
  })
  return `${name} leads with what was restored${restore.recoveredTo?.at ? `, up to ${restore.recoveredTo.at}` : ''}. Back up now: this is a new timeline.`
}

/** @throws Error with the engine's words when it did nothing */
function refused(answer: OrderAnswer | undefined): undefined {
  if (answer?.status === 404 || answer?.status === 501)
    throw new Error(
      'The engine cannot replace the leader’s data by itself: follow the instructions of the plan.',
    )
  if (answer && (answer.outcome === 'refused' || answer.message.startsWith('Restore failed')))
    throw new Error(`The engine says: ${answer.message}`)
}

/** Whether a member still runs with the data that it had. */
const isSame = (member: MemberAddress, timeline: number | undefined): Promise<boolean> =>
  askMember(member, readMemberFacts).then(
    (facts) => facts.timeline === timeline,
    () => false,
  )

async function until<T>(ms: number, abort: AbortSignal, ask: () => Promise<T | false>): Promise<T> {
  const deadline = Date.now() + ms
  for (;;) {
    const answer = await ask()
    if (answer) return answer
    if (Date.now() > deadline) throw new Error('It did not come about in time.')
    abort.throwIfAborted()
    await sleep(EVERY_MS)
  }
}
