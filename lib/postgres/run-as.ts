// PostgreSQL refuses to run as root. Started by root, the product goes on as another user (scripts/start/give-up-root.ts), or,
// where no other user can reach the files, runs PostgreSQL as an ordinary user inside a user namespace in which root's files
// are its own.
import { type SpawnOptions, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
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

/** As the user of this process; root as an ordinary user inside a namespace. */
export function ourselves(): RunAs {
  const uid = process.getuid?.() ?? 0
  return { uid, gid: process.getgid?.() ?? 0, namespace: uid === 0 && process.platform !== 'win32' }
}

/** How to run `postgres` on files in `folder`: by root as another user, if one can. @throws Error when there is no way */
export function chooseRunAs(postgres: string, folder: string): RunAs {
  const us = ourselves()
  if (us.uid !== 0) return us
  const able = [...otherUsers(), us].find(
    (user) => canRun(user, [[postgres, '--version']]) && canMakeIn(user, folder),
  )
  return able ?? refuseRoot([postgres, folder])
}

/** Whether a user can run all of some programs. */
export const canRun = (user: RunAs, programs: string[][]): boolean =>
  programs.every(([program = '', ...given]) => {
    const { file, args, options } = asUser(user, program, given)
    return spawnSync(file, args, { ...options, cwd: '/' }).status === 0
  })

/** @throws Error that names what nobody but root can reach */
export function refuseRoot(what: string[]): never {
  throw new Error(
    `PostgreSQL does not run as root, and no other user can reach all of ${what.join(', ')}: ` +
      'start as an ordinary user, or move them to where other users may read.',
  )
}

/** Whom root can go on as: who called sudo, else a user of Holdfast's or PostgreSQL's own, else nobody. */
export function otherUsers(): RunAs[] {
  const users: RunAs[] = []
  const sudo = Number(process.env.SUDO_UID)
  if (sudo > 0) users.push({ uid: sudo, gid: Number(process.env.SUDO_GID ?? sudo), namespace: false })
  const known = readUsers()
  for (const name of ['holdfast', 'postgres', 'nobody']) {
    const { uid = 0, gid = 0 } = known.find((user) => user.name === name) ?? {}
    if (uid > 0) users.push({ uid, gid, namespace: false })
  }
  return users
}

/** This machine's users, where it lists them in /etc/passwd. */
export function readUsers(): { name: string; uid: number; gid: number; home: string }[] {
  try {
    const lines = readFileSync('/etc/passwd', 'utf8').trim().split('\n')
    return lines.map((line) => {
      const [name = '', , uid, gid, , home = '/'] = line.split(':')
      return { name, uid: Number(uid), gid: Number(gid), home }
    })
  } catch {
    return []
  }
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

/** Whether a user can make something in a folder, which must be ours; lets other users pass through it, if so. */
function canMakeIn(user: RunAs, folder: string): boolean {
  const { mode } = statSync(folder)
  chmodSync(folder, mode | 0o011)
  const probe = mkdtempSync(join(folder, 'probe-'))
  let fine = false
  try {
    give(user, probe)
    fine = canRun(user, [['mkdir', join(probe, 'made')]])
    return fine
  } finally {
    rmSync(probe, { recursive: true, force: true })
    if (!fine) chmodSync(folder, mode)
  }
}
