import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findBinaries } from '@/lib/postgres/binaries'
import { firstThatCan, otherUsers, ourselves, type RunAs, readUsers } from '@/lib/postgres/run-as'

const ROOT = 0
/** One of these is in each folder that Holdfast keeps: its data, a repository of backups, a restored cluster. */
const MARKS = ['cluster', 'recovery', 'credentials.json', 'session-secret', 'holdfast.json', 'PG_VERSION']
/** What a new disk has. */
const NOTHING = 'lost+found'
const tsx = fileURLToPath(import.meta.resolve('tsx'))

/**
 * Started by root, this process goes on as another user, who gets the folders that Holdfast keeps things in. Whatever is put
 * there, a link in the place of a file, say, then leads to nothing that this user may not change anyway. Where no other user
 * can reach Node.js, Holdfast and the folder it stays root's, and PostgreSQL runs in a namespace.
 *
 * @param dataDir is made if it is not there
 * @param others folders that this user has to write into as well; what is not there, or not Holdfast's, is left alone
 * @throws Error when there is no way, or the data folder holds what is not Holdfast's
 */
export async function giveUpRoot(dataDir: string, others: string[] = []): Promise<void> {
  if (process.getuid?.() !== ROOT) return
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const binaries = await findBinaries().catch(() => null)
  const programs = [
    [process.execPath, '-e', `fs.accessSync(${JSON.stringify(tsx)})`],
    ...(binaries ? [[binaries.postgres, '--version']] : []),
  ]
  const owner = findOwner(dataDir)
  const user = firstThatCan(owner ? [owner, ourselves()] : [...otherUsers(), ourselves()], programs, dataDir)
  if (!user)
    throw new Error(
      `PostgreSQL does not run as root, and no other user can reach ${process.execPath}, Holdfast and ${dataDir}: ` +
        'start as an ordinary user, or move them to where other users may read.',
    )
  for (const named of [dataDir, ...others.filter((other) => existsSync(other))]) {
    const folder = realpathSync(named)
    if (isOf(user, folder)) continue
    if (isOurs(folder)) hand(folder, user)
    else if (named === dataDir)
      throw new Error(
        `${dataDir} holds what is not Holdfast’s, and started by root it would have to be given to another user: name an empty folder.`,
      )
  }
  if (!user.namespace) become(user)
}

/** Whose the data are: by what the cluster was run as, or by the folder itself; null when they are root's or new. */
function findOwner(dataDir: string): RunAs | null {
  const state = join(dataDir, 'cluster', 'state.json')
  const { runAs = null } = existsSync(state) ? JSON.parse(readFileSync(state, 'utf8')) : {}
  if (runAs) return runAs
  const { uid, gid } = statSync(dataDir)
  return uid === ROOT ? null : { uid, gid, namespace: false }
}

/** Root may have put something into it since. */
function isOf({ uid }: RunAs, folder: string): boolean {
  const { status, stdout } = spawnSync('find', [folder, '!', '-user', String(uid), '-print', '-quit'])
  return status === 0 && stdout.length === 0
}

function isOurs(folder: string): boolean {
  const names = readdirSync(folder)
  return names.some((name) => MARKS.includes(name)) || names.every((name) => name === NOTHING)
}

/** Follows no link, on the way neither: `chown` sees to that. */
function hand(folder: string, { uid, gid }: RunAs): void {
  const { status, stderr } = spawnSync('chown', ['-hR', `${uid}:${gid}`, folder], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${folder} cannot be given to user ${uid}: ${stderr.trim()}`)
}

function become({ uid, gid }: RunAs): void {
  const known = readUsers().find((user) => user.uid === uid)
  process.setgroups?.([gid])
  process.setgid?.(gid)
  process.setuid?.(uid)
  Object.assign(process.env, { HOME: known?.home ?? '/', USER: known?.name, LOGNAME: known?.name })
}
