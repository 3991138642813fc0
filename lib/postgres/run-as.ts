// PostgreSQL refuses to run as root. Started by root, the servers run as another user, or, where no other
// user can reach the files, as an ordinary user inside a user namespace in which root's files are its own.
import { type SpawnOptions, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

export interface RunAs {
  uid: number
  gid: number
  namespace: boolean
}

export interface Command {
  file: string
  args: string[]
  options: Pick<SpawnOptions, 'uid' | 'gid'>
}

/**
 * Decides how to run `postgres` on the files in `folder`; `recorded` is the way the files were made. May let
 * other users pass through `folder` (0711), which must be ours. Throws one clear line when there is no way.
 */
export function chooseRunAs(recorded: RunAs | null, postgres: string, folder: string): RunAs {
  const uid = process.getuid?.() ?? 0
  const gid = process.getgid?.() ?? 0
  if (recorded) {
    if (uid !== 0 && (recorded.namespace || recorded.uid !== uid)) {
      throw new Error(
        `The data folder ${folder} was made by ${recorded.namespace ? 'root' : `user ${recorded.uid}`}: ` +
          'start as that user or as root.',
      )
    }
    if (recorded.uid === uid || works(recorded, postgres, folder)) return recorded
    throw new Error(`User ${recorded.uid}, who owns ${folder}, can no longer reach it or ${postgres}.`)
  }
  if (uid !== 0) return { uid, gid, namespace: false }
  for (const user of otherUsers()) {
    if (works(user, postgres, folder)) return user
  }
  const namespaced = { uid, gid, namespace: true }
  if (works(namespaced, postgres, folder)) return namespaced
  throw new Error(
    `PostgreSQL does not run as root, and no other user can reach both ${postgres} and ${folder}: ` +
      'start as an ordinary user, or move them to where other users may read.',
  )
}

/** The command line that runs `file` that way. */
export function asUser(runAs: RunAs, file: string, args: string[]): Command {
  if (runAs.namespace) {
    const unshare = ['--user', '--map-user=1000', '--map-group=1000', '--', file, ...args]
    return { file: 'unshare', args: unshare, options: {} }
  }
  const own = runAs.uid === process.getuid?.()
  return { file, args, options: own ? {} : { uid: runAs.uid, gid: runAs.gid } }
}

/** Gives a path to the user that PostgreSQL runs as. */
export function give(runAs: RunAs, path: string): void {
  if (process.getuid?.() === 0) chownSync(path, runAs.uid, runAs.gid)
}

function works(runAs: RunAs, postgres: string, folder: string): boolean {
  const drops = !runAs.namespace && runAs.uid !== process.getuid?.()
  if (drops) chmodSync(folder, 0o711)
  const probe = mkdtempSync(join(folder, 'probe-'))
  let fine = false
  try {
    give(runAs, probe)
    const trials = [asUser(runAs, postgres, ['--version']), asUser(runAs, 'mkdir', [join(probe, 'made')])]
    fine = trials.every(({ file, args, options }) => {
      return spawnSync(file, args, { ...options, cwd: '/' }).status === 0
    })
    return fine
  } finally {
    rmSync(probe, { recursive: true, force: true })
    if (drops && !fine) chmodSync(folder, 0o700)
  }
}

function otherUsers(): RunAs[] {
  const users: RunAs[] = []
  const sudo = Number(process.env.SUDO_UID)
  if (sudo > 0) users.push({ uid: sudo, gid: Number(process.env.SUDO_GID ?? sudo), namespace: false })
  let passwd = ''
  try {
    passwd = readFileSync('/etc/passwd', 'utf8')
  } catch {}
  for (const name of ['postgres', 'nobody']) {
    const [, uid, gid] = new RegExp(`^${name}:[^:]*:(\\d+):(\\d+):`, 'm').exec(passwd) ?? []
    if (Number(uid) > 0) users.push({ uid: Number(uid), gid: Number(gid), namespace: false })
  }
  return users
}
