// Who leads, and how that changes. In what order the steps are on disk decides what a crash between them leaves:
//   switchover   the leader is shut down, the standby has all of it · state.json: the new leader, `promoting` · promotion
//                · state.json: promoted · the old leader's folder becomes a standby's
//   failover     the old leader is killed · state.json: the new leader, `promoting`, the old one `fenced` · its folder becomes
//                a standby's · promotion · state.json: promoted
// Before state.json is written the old leader leads again at the next start, and has everything. From then on the next
// start never runs it as anything but a standby, and promotes the new leader if that was not done (`finishPromotion`).
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { syncFolder } from '@/lib/durable'
import { readShutdownCheckpoint } from './control-file'
import { isDataFolder, isStandby, type MemberName } from './home'
import type { MemberView } from './patroni'
import type { Session } from './session'
import type { StateFile } from './state'

const checkpointMs = 60_000
const catchUpMs = 5_000
const promotionMs = 60_000
/** After which PostgreSQL says itself that it was not in time. */
const answerMs = 2_000

/** A member as its role is changed. */
export interface Actor extends MemberView {
  control: Session
  slow: Session
}

export interface RoleTools {
  state: StateFile
  log: (line: string) => void
  /** Writes the settings of a member anew: whom it streams from. */
  configure(name: MemberName): Promise<void>
  /** Lets the application into a leader whose data may be of before it had a role. */
  admitApplication(name: MemberName): Promise<void>
}

/** Why nothing was changed. */
export class Refusal extends Error {}

/** Moves the leader while it is alive: with everything that it has, or not at all. @throws Refusal */
export async function switchOver(from: Actor, to: Actor, tools: RoleTools): Promise<void> {
  // The shutdown writes a checkpoint, too: after this one it is short.
  await from.slow
    .run((sql) => sql`checkpoint`, checkpointMs)
    .catch((error) => {
      throw new Refusal(`${from.server.name} wrote no checkpoint: ${error.message}`)
    })
  await from.server.stop('fast')
  const missing = await findMissing(from, to).catch(
    (error) => `${to.server.name} does not answer: ${error.message}`,
  )
  if (missing) {
    from.server.start()
    throw new Refusal(`${missing}; ${from.server.name} goes on as leader`)
  }
  try {
    await tools.state.update({ leader: to.server.name, synchronous: null, promoting: true })
  } catch (error) {
    // The disk may be full: what is not written down is not done.
    from.server.start()
    throw new Refusal(`${(error as Error).message}; ${from.server.name} goes on as leader`)
  }
  await finishPromotion(to, tools)
  await becomeStandby(from)
  await tools.configure(from.server.name)
  await makeSlot(to, from.server.name)
  from.server.start()
}

/** Puts a standby in place of a leader that is lost, which is fenced first. @throws Refusal */
export async function failOver(from: Actor, to: Actor, tools: RoleTools): Promise<void> {
  const [row] = await to.control
    .run((sql) => sql<{ standby: boolean }[]>`select pg_is_in_recovery() as standby`)
    .catch((error) => {
      throw new Refusal(`${to.server.name} does not answer: ${error.message}`)
    })
  if (!row?.standby) throw new Refusal(`${to.server.name} is no standby`)
  await from.server.stop('kill')
  await tools.state.update({
    leader: to.server.name,
    synchronous: null,
    promoting: true,
    fenced: from.server.name,
  })
  // Its disk may be why it is lost: it is fenced all the same.
  await becomeStandby(from).catch((error) =>
    tools.log(`${from.server.name} could not be made a standby: ${error.message}`),
  )
  await finishPromotion(to, tools)
}

/** Promotes the member that state.json names as leader, unless it was promoted already. */
export async function finishPromotion(leader: Actor, { state, log }: RoleTools): Promise<void> {
  const before = await untilAnswers(leader)
  if (before.standby) {
    // What it would wait for is its own name, or one that is gone.
    await leader.slow.run(async (sql) => {
      await sql`alter system set synchronous_standby_names = ''`
      await sql`select pg_reload_conf()`
    }, promotionMs)
    const [row] = await leader.slow.run(
      (sql) => sql<{ done: boolean }[]>`select pg_promote(true, ${promotionMs / 1000}) as done`,
      promotionMs + answerMs,
    )
    if (!row?.done)
      throw new Error(
        `${leader.server.name} was not promoted within ${promotionMs / 1000} s: it is tried again`,
      )
    log(`${leader.server.name} was promoted from timeline ${before.timeline}`)
  }
  const leaders = { ...state.current.leaders, [before.timeline]: leader.server.name }
  await state.update({ promoting: false, ...(before.standby && { leaders }) })
}

async function untilAnswers({ facts, server }: Actor): Promise<{ standby: boolean; timeline: number }> {
  for (const deadline = Date.now() + promotionMs; ; await sleep(25)) {
    const now = await facts.now()
    if (now) return now
    if (Date.now() > deadline) throw new Error(`${server.name} does not answer and cannot be promoted`)
  }
}

/** What the standby does not have of a leader that was shut down, in words; null if it replayed everything. */
async function findMissing(from: Actor, to: Actor): Promise<string | null> {
  const end = readShutdownCheckpoint(from.server.folder)
  if (end === null) return `${from.server.name} was not shut down cleanly`
  for (const deadline = Date.now() + catchUpMs; ; await sleep(20)) {
    const [row] = await to.control.run(
      (sql) => sql<{ replayed: number }[]>`select pg_last_wal_replay_lsn() - '0/0' as replayed`,
    )
    const replayed = Number(row?.replayed ?? 0)
    if (replayed > end) return null
    if (Date.now() > deadline)
      return `${to.server.name} lacks ${end - replayed} bytes after ${catchUpMs / 1000} s`
  }
}

/** So that nothing, not even a start by hand, brings it up as a leader. */
async function becomeStandby({ server }: Actor): Promise<void> {
  if (!isDataFolder(server.folder) || isStandby(server.folder)) return
  await writeFile(join(server.folder, 'standby.signal'), '', { mode: 0o600 })
  await syncFolder(server.folder)
}

async function makeSlot({ control }: Actor, name: MemberName): Promise<void> {
  await control.run(async (sql) => {
    const [found] = await sql`select from pg_replication_slots where slot_name = ${name}`
    if (!found) await sql`select pg_create_physical_replication_slot(${name}, true)`
  })
}

/** Whether a member's data can take over at all. */
export const hasData = ({ server }: Actor): boolean =>
  existsSync(server.folder) && isDataFolder(server.folder)
