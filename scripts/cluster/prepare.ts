// What a start needs before any server runs: the folder, the lock, who we run as, ports, passwords.
// Everything that can be wrong with a data folder is found here, and said in one line.
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Binaries, findBinaries } from '@/lib/postgres/binaries'
import { endOrphans, findPostmaster, stopPostmaster } from '@/lib/postgres/processes'
import { run } from '@/lib/postgres/run'
import { ourselves, type RunAs } from '@/lib/postgres/run-as'
import { dataFolder, type Home, isStandby, MEMBERS, type MemberName, openHome } from './home'
import { type Lock, takeLock } from './lock'
import { findPorts } from './ports'
import { writeArchiveScripts } from './settings'
import { openSecrets, type Ports, type Secrets, StateFile } from './state'

export interface Prepared {
  home: Home
  lock: Lock
  binaries: Binaries
  runAs: RunAs
  state: StateFile
  secrets: Secrets
  ports: Record<MemberName, Ports>
}

/**
 * Makes `dataDir/cluster` ready and takes its lock. Throws one clear line: folder in use, made by another
 * PostgreSQL version or user, no PostgreSQL for this platform.
 */
export async function prepare(dataDir: string, log: (line: string) => void): Promise<Prepared> {
  const binaries = await findBinaries()
  const home = openHome(dataDir)
  const lock = await takeLock(home)
  try {
    const state = StateFile.open(home)
    checkData(home, state, binaries.major)
    const runAs = ourselves()
    checkOwner(home, state.current.runAs, runAs)
    makeArchive(home)
    mkdirSync(home.log, { recursive: true, mode: 0o700 })
    await clearLeftovers(home, state.current.leader, log)
    const secrets = await openSecrets(home, state.current.systemIdentifier !== null)
    const ports = await findPorts(state.current.ports)
    await state.update({ runAs, ports })
    await writeArchiveScripts(home)
    return { home, lock, binaries, runAs, state, secrets, ports }
  } catch (error) {
    lock.release()
    throw error
  }
}

/** Stops what a supervisor that was killed has left running. Throws when another one has the folder. */
export async function stopLeftovers(dataDir: string, log: (line: string) => void): Promise<void> {
  const home = openHome(dataDir)
  const lock = await takeLock(home)
  try {
    await clearLeftovers(home, StateFile.open(home).current.leader, log)
  } finally {
    lock.release()
  }
}

/** Makes the folder that WAL is archived to, unless it is there. */
export function makeArchive(home: Home): void {
  if (existsSync(home.archive)) return
  mkdirSync(home.archive, { recursive: true, mode: 0o700 })
}

/** Root was given up for whoever the data are of, if that can be: whoever else starts cannot read them. */
function checkOwner({ root }: Home, owner: RunAs | null, { uid }: RunAs): void {
  if (uid === 0 || !owner || (owner.uid === uid && !owner.namespace)) return
  throw new Error(
    `The data folder ${root} was made by ${owner.namespace ? 'root' : `user ${owner.uid}`}: ` +
      'start as that user or as root.',
  )
}

function checkData(home: Home, state: StateFile, major: number): void {
  const { leader } = state.current
  for (const member of MEMBERS) {
    const version = join(dataFolder(home, member), 'PG_VERSION')
    const found = existsSync(version) ? readFileSync(version, 'utf8').trim() : null
    if (found && found !== String(major)) {
      throw new Error(
        `The data folder ${dataFolder(home, member)} was made by PostgreSQL ${found}; this is ${major}. ` +
          'Move it away to begin anew, or bring its data over with pg_dump of the old version.',
      )
    }
  }
  const { promoting } = state.current
  if (isStandby(dataFolder(home, leader)) && !promoting) {
    throw new Error(`${home.state} says that ${leader} leads, but its data folder is a standby's.`)
  }
}

/**
 * Stops servers that a killed supervisor left running, the leader first so that the standby gets everything,
 * and removes half-made data folders. Before the ports are chosen, so that the old ones are free again.
 */
async function clearLeftovers(home: Home, leader: MemberName, log: (line: string) => void): Promise<void> {
  const leaderFirst = [...MEMBERS].sort((one, two) => Number(two === leader) - Number(one === leader))
  for (const member of leaderFirst) {
    const folder = dataFolder(home, member)
    const pid = findPostmaster(folder)
    if (pid) {
      log(`${member}: stopping process ${pid}, left running by an earlier start`)
      await stopPostmaster(pid)
    }
    await endOrphans(folder)
    for (const suffix of ['.new', '.old', '.password'])
      await rm(folder + suffix, { recursive: true, force: true })
  }
}

/** `lz4` if this PostgreSQL was built with it, otherwise `off` (pglz costs more than it saves). */
export async function findCompression(prepared: Prepared, folder: string): Promise<string> {
  const options = ['-D', folder, '-C', 'wal_compression', '-c', 'wal_compression=lz4']
  return run(prepared.runAs, prepared.binaries.postgres, options).then(
    () => 'lz4',
    () => 'off',
  )
}
