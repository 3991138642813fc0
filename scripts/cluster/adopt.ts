// Restored data in the leader's place. In what order the steps are on disk decides what a crash between them leaves:
//   both members are shut down · state.json: `adopting` · the leader's folder is moved aside, the restored one in its place
//   · the leader ends recovery at its target, on a new timeline · state.json: done · the standby is made anew
// From `adopting` on the next start goes on with it; before, nothing was changed.
import { existsSync, readFileSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { basename, isAbsolute, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { syncFolder, writeDurably } from '@/lib/durable'
import { readSystemIdentifier } from './control-file'
import { type Home, isDataFolder } from './home'
import { type Actor, Refusal, type RoleTools } from './roles'

/** Replaying to the target may take as long as the WAL is. */
const replayMs = 30 * 60_000

/** What recovery stops at, of the settings that a restore left. */
const targets = /^recovery_target(_time|_lsn|_xid|_name|_timeline)? *=/

/** Why a folder cannot be put in the leader's place; null if it can. */
export function findUnfitFolder(folder: unknown, systemIdentifier: string | null): string | null {
  if (typeof folder !== 'string' || !isAbsolute(folder)) return 'folder has to be an absolute path'
  if (!isDataFolder(folder)) return `${folder} is no data folder`
  if (existsSync(join(folder, 'postmaster.pid'))) return `a server runs in ${folder}`
  if (!['recovery.signal', 'standby.signal'].some((name) => existsSync(join(folder, name))))
    return `${folder} is not one that was restored`
  const found = readSystemIdentifier(folder)
  if (systemIdentifier !== null && systemIdentifier !== 'unknown' && found !== systemIdentifier)
    return `${folder} is of another cluster`
  return null
}

/** Puts a restored folder in the leader's place; what the leader had is kept beside it. @throws Refusal when all is as it was */
export async function adopt(
  leader: Actor,
  standby: Actor,
  folder: string,
  tools: RoleTools,
  home: Home,
): Promise<void> {
  await leader.server.stop('fast')
  await standby.server.stop('fast')
  try {
    await prepareFolder(folder)
    await tools.state.update({ adopting: folder, synchronous: null })
    await finishAdoption(leader, tools, home)
  } catch (error) {
    await takeBack(leader, tools, folder)
    leader.server.start()
    standby.server.start()
    throw new Refusal(`${(error as Error).message}; ${leader.server.name} goes on with what it had`)
  }
}

/** Goes on from where `adopting` is on disk. */
export async function finishAdoption(leader: Actor, tools: RoleTools, home: Home): Promise<void> {
  const { adopting } = tools.state.current
  const { folder, name } = leader.server
  if (adopting && existsSync(adopting)) {
    if (existsSync(folder)) await rename(folder, keptOf(adopting, folder))
    // Across file systems this fails, and all is taken back: it would be a copy, which can be cut off half-way.
    await rename(adopting, folder)
    await syncFolder(home.root)
    tools.log(`${name}: restored data are in place; what it had is in ${keptOf(adopting, folder)}`)
  }
  await tools.configure(name)
  leader.server.start()
  const timeline = await untilWrites(leader)
  await leader.control.run(async (sql) => {
    // Later it may be a standby, which would stop there again.
    await sql`alter system reset all`
    await sql`select pg_reload_conf()`
  })
  await tools.admitApplication(name)
  await tools.state.update({
    adopting: null,
    leaders: { ...tools.state.current.leaders, [timeline - 1]: name },
  })
  tools.log(`${name} leads with restored data, on timeline ${timeline}`)
}

/** Where what the leader had is kept: beside it, by the name of what replaces it. */
const keptOf = (adopting: string, folder: string): string => `${folder}.before-${basename(adopting)}`

/** Puts the leader's own data back, if they were moved aside. */
async function takeBack({ server }: Actor, { state }: RoleTools, folder: string): Promise<void> {
  await server.stop('fast')
  const kept = keptOf(folder, server.folder)
  if (existsSync(kept)) {
    if (existsSync(server.folder)) await rename(server.folder, folder)
    await rename(kept, server.folder)
  }
  await state.update({ adopting: null })
}

/** So that it stops at the target, takes writes then, and archives: none of which it did while it was looked at. */
async function prepareFolder(folder: string): Promise<void> {
  const path = join(folder, 'postgresql.auto.conf')
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []
  const kept = lines.filter((line) => targets.test(line))
  await writeDurably(path, `${[...kept, "recovery_target_action = 'promote'"].join('\n')}\n`)
  await rm(join(folder, 'standby.signal'), { force: true })
  await writeFile(join(folder, 'recovery.signal'), '', { mode: 0o600 })
}

/** @returns the timeline on which it takes writes */
async function untilWrites({ facts, server }: Actor): Promise<number> {
  for (const deadline = Date.now() + replayMs; ; await sleep(100)) {
    const now = await facts.now()
    if (now && !now.standby) return now.timeline
    if (server.failures > 3)
      throw new Error(`${server.name} does not come up with the restored data: see its log`)
    if (Date.now() > deadline) throw new Error(`${server.name} did not reach its target in time`)
  }
}
