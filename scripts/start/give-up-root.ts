import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findBinaries } from '@/lib/postgres/binaries'
import { canRun, otherUsers, ourselves, type RunAs, readUsers, refuseRoot } from '@/lib/postgres/run-as'

const ROOT = 0
/** One of these is in each folder that Holdfast keeps: its data, a repository of backups, a restored cluster. */
const MARKS = ['cluster/state.json', 'recovery/alerts', 'session-secret', 'holdfast.json', 'PG_VERSION']
/** What a new disk has, and a folder that a start has just begun. */
const NOTHING = ['lost+found', 'cluster']
const tsx = fileURLToPath(import.meta.resolve('tsx'))

/**
 * Started by root, this process goes on as another user, who gets the folders that Holdfast keeps things in. Whatever is put
 * there, a link in the place of a file, say, then leads to nothing that this user may not change anyway; until then nothing in
 * a folder of that user's is believed, or reached by its name. Where no other user can reach Node.js, Holdfast and the folder
 * it stays root's, and PostgreSQL runs in a namespace.
 *
 * @param dataDir is made if it is not there
 * @param others folders outside it that this user has to write into as well; what is not there, or not Holdfast's, is left alone
 * @throws Error when there is no way, or the data folder holds what is not Holdfast's
 */
export async function giveUpRoot(dataDir: string, others: string[] = []): Promise<void> {
  if (process.getuid?.() !== ROOT) return
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const folder = realpathSync(dataDir)
  if (!isOurs(folder))
    throw new Error(
      `${dataDir} holds what is not Holdfast’s, and started by root it would have to be given to another user: name an empty folder.`,
    )
  const binaries = await findBinaries().catch(() => null)
  const needed = [
    ['test', '-d', folder],
    [process.execPath, '-e', `fs.accessSync(${JSON.stringify(tsx)})`],
    ...(binaries ? [[binaries.postgres, '--version']] : []),
  ]
  const owner = findOwner(folder)
  const users = owner ? [owner, ourselves()] : [...otherUsers(), ourselves()]
  const user = users.find((one) => canRun(one, needed)) ?? refuseRoot([process.execPath, 'Holdfast', dataDir])
  const outside = others.filter((other) => existsSync(other) && !isInside(other, dataDir))
  for (const given of [folder, ...outside.map((other) => realpathSync(other)).filter(isOurs)])
    if (!isOf(user, given)) hand(given, user)
  if (!user.namespace) become(user)
}

/** Whether a path is in the data folder, whose user can make it without root. */
export const isInside = (path: string, dataDir: string): boolean =>
  [resolve(dataDir), ...(existsSync(dataDir) ? [realpathSync(dataDir)] : [])].some(
    (folder) => !relative(folder, resolve(path)).startsWith('..'),
  )

/**
 * Whose the data are: whose the folder is, else, while it is root's, as whom the cluster was run; null when they are new. What
 * stands in a folder of another user's may be that user's wish.
 */
function findOwner(folder: string): RunAs | null {
  const { uid, gid } = statSync(folder)
  if (uid !== ROOT) return { uid, gid, namespace: false }
  const state = join(folder, 'cluster', 'state.json')
  return existsSync(state) ? JSON.parse(readFileSync(state, 'utf8')).runAs : null
}

/** Root may have put something into it since. */
function isOf({ uid }: RunAs, folder: string): boolean {
  const { status, stdout } = spawnSync('find', [folder, '!', '-user', String(uid), '-print', '-quit'])
  return status === 0 && stdout.length === 0
}

const isOurs = (folder: string): boolean =>
  MARKS.some((mark) => existsSync(join(folder, mark))) ||
  readdirSync(folder).every((name) => NOTHING.includes(name))

/** Follows no link, on the way neither: `chown` sees to that; that a hard link is to nobody else’s file, Linux (fs.protected_hardlinks). */
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
