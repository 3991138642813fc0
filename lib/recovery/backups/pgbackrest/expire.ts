import { whenUnlocked } from '@/lib/recovery/backups/pgbackrest/back-up'
import { runPgBackRest, type Settings } from '@/lib/recovery/backups/pgbackrest/command'
import { currentDatabase, readInfo, toBackup } from '@/lib/recovery/backups/pgbackrest/info'
import { requireRepository } from '@/lib/recovery/backups/pgbackrest/status'
import { withFindings } from '@/lib/recovery/backups/proofs'
import type { StoredBackup } from '@/lib/recovery/backups/provider'

const DAY_MS = 86_400_000
const EXPIRE_MS = 600_000

/**
 * Removes from every repository what neither `keepFull` full backups nor the window needs.
 *
 * @returns what was done, in words
 * @throws Error naming the repositories where it could not be done, after it was done in the others
 */
export async function expireRepositories(
  settings: Settings,
  repositories: number[],
  keepFull: number,
  windowDays: number,
): Promise<string> {
  const done: string[] = []
  const failed: string[] = []
  for (const repository of repositories)
    await expireRepository(settings, repository, keepFull, windowDays).then(
      (words) => done.push(`${words} from repository ${repository}`),
      (error: Error) => failed.push(error.message),
    )
  if (failed.length > 0) throw new Error([...failed, ...done].join(' '))
  return done.join(', ')
}

async function expireRepository(
  settings: Settings,
  repository: number,
  keepFull: number,
  windowDays: number,
): Promise<string> {
  const before = await readInfo(settings, repository)
  requireRepository(before, repository)
  const current = currentDatabase(before)
  const backups = withFindings(
    repository,
    before.backup.map((backup) => toBackup(backup, current)),
  )
  const keep = countFull(backups, keepFull, Date.now() - windowDays * DAY_MS)
  if (keep === 0) return 'nothing'
  const prefix = `repo${repository}-retention`
  await whenUnlocked(undefined, () =>
    runPgBackRest(settings, 'expire', {
      repository,
      // Said in full, since the configuration's own might keep less WAL than the window needs.
      options: {
        [`${prefix}-full-type`]: 'count',
        [`${prefix}-full`]: String(keep),
        [`${prefix}-archive-type`]: 'full',
        [`${prefix}-archive`]: String(keep),
        [`reset-${prefix}-diff`]: null,
      },
      timeoutMs: EXPIRE_MS,
    }),
  )
  const after = new Set((await readInfo(settings, repository)).backup.map(({ label }) => label))
  const gone = before.backup.filter(({ label }) => !after.has(label)).length
  return gone === 0 ? 'nothing' : gone === 1 ? 'one backup and its WAL' : `${gone} backups and their WAL`
}

/**
 * How many of the newest full backups, sound or not, have to stay, so that `keepFull` sound ones do, and so that every moment
 * since `since` (milliseconds since 1970) can be recovered: for that, one that had ended by then. pgBackRest's own retention
 * by time knows no least number, its retention by number no time; and both count a bad backup as a good one.
 * Where they do not reach, all stay.
 */
export function countFull(backups: StoredBackup[], keepFull: number, since: number): number {
  const newestFirst = backups
    .filter(({ kind }) => kind === 'full')
    .sort((a, b) => Date.parse(b.endedAt) - Date.parse(a.endedAt))
  let sound = 0
  for (const [index, { problems, endedAt }] of newestFirst.entries()) {
    if (problems.length > 0) continue
    sound += 1
    if (sound >= keepFull && Date.parse(endedAt) <= since) return index + 1
  }
  return newestFirst.length
}
