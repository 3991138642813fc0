import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { countRecords } from '@/db/queries/recovery/count-records'
import { archiveNow } from '@/lib/recovery/backups/await-archive'
import { theProvider } from '@/lib/recovery/backups/provider-of'
import { dataFolder } from '@/lib/recovery/folder'
import { formatLsn, formatSeconds } from '@/lib/recovery/format'
import { findWriter } from '@/lib/recovery/members/servers'
import { type Draft, draftRestore } from '@/lib/recovery/restore/draft'
import { makeRoom } from '@/lib/recovery/restore/folder'
import { type ScratchServer, startScratch } from '@/lib/recovery/restore/scratch-server'
import type { Works } from '@/lib/recovery/tasks/run'

/** WAL that is only to make sure is waited for so long, in milliseconds. */
const SOON_MS = 20_000

/** Restores to a target into a folder of its own, starts a server there to see what is in it, and stops it again. The cluster is not touched. */
export const restoreBeside: Works['restore'] = async ({ task, abort, step }) => {
  const provider = theProvider()
  const { repository, target, timeline } = task.order
  const folder = task.order.folder ?? join(dataFolder(), 'restored', nameOf(task.startedAt))
  const begun = Date.now()
  const { draft, settings } = await step('restore', async (progress) => {
    const drafted = await reach(provider, repository, target, timeline, abort)
    const { backup, upTo, walk } = drafted
    const along = walk?.along ?? backup.timeline
    task.backup = backup.id
    makeRoom(folder, backup.sizeBytes + (walk?.files.length ?? 0) * drafted.segmentBytes)
    task.folder = folder
    const settings = await provider.restore(
      { repository, backup, target, folder, upTo, along },
      progress,
      abort,
    )
    return {
      result: { draft: drafted, settings },
      detail: `backup ${backup.id} of repository ${repository}, every file as its checksum says`,
    }
  })
  let server: ScratchServer | undefined
  try {
    const running = await step('replay', async (progress) => {
      const end = draft.walk?.reach ?? draft.backup.stopLsn
      server = await startScratch({
        folder,
        settings,
        // The last segment is seldom full: what replays no more within it has replayed all.
        until: target.kind === 'latest' ? end - draft.segmentBytes : null,
        onReplay: (lsn) => progress(Math.max(0, lsn - draft.backup.startLsn), end - draft.backup.startLsn),
        abort,
      })
      task.rtoSeconds = (Date.now() - begun) / 1000
      task.recoveredTo = { lsn: formatLsn(server.recovered.lsn), at: server.recovered.at }
      return {
        result: server,
        detail: `up to ${task.recoveredTo.lsn}, the last commit at ${task.recoveredTo.at ?? 'no known time'}`,
      }
    })
    await step('compare', async () => {
      const counts = await countRecords(running.connection.db)
      return counts.map(({ table, records }) => `${table} ${records.toLocaleString('en-US')}`).join(', ')
    })
  } finally {
    await server?.stop()
  }
  await appendFile(join(folder, 'postgresql.auto.conf'), toSettings(settings))
  return `Restored to ${task.recoveredTo?.at ?? task.recoveredTo?.lsn} in ${formatSeconds(task.rtoSeconds ?? 0)}, in ${folder}. The cluster was not touched.`
}

/** The draft of a target that can be reached, after the leader's newest WAL was archived if it takes that. @throws Error with what can be reached instead */
async function reach(
  provider: ReturnType<typeof theProvider>,
  repository: number,
  target: Draft['target'],
  timeline: number | null,
  abort: AbortSignal,
): Promise<Draft & { backup: NonNullable<Draft['backup']> }> {
  const leaderAnswers = (await findWriter()) !== null
  let draft = await draftRestore(provider, repository, target, timeline, leaderAnswers)
  // What the leader archives is on the newest timeline.
  const wantsNewest = draft.archiveFirst || (target.kind === 'latest' && timeline === null)
  if (wantsNewest && draft.backup && leaderAnswers) {
    // The first repository may be gone: what is in this one already can be enough for a moment, and PostgreSQL says if not.
    const there = await draftRestore(provider, repository, target, timeline, false)
    const enough = there.reachable && target.kind !== 'latest'
    const patience = enough ? AbortSignal.any([abort, AbortSignal.timeout(SOON_MS)]) : abort
    const failed = await bringNewest(provider, repository, draft.backup, patience)
    abort.throwIfAborted()
    if (failed && !enough) throw failed
    draft = failed ? there : await draftRestore(provider, repository, target, timeline, true)
  }
  if (!draft.reachable || !draft.backup)
    throw new Error(
      `${draft.reason}${draft.nearest ? ` The nearest that can be reached is ${draft.nearest.words}, ${draft.nearest.at ?? ''}.` : ''}`,
    )
  return { ...draft, backup: draft.backup }
}

/** Has the leader's newest WAL in a repository. @returns what kept it from that */
async function bringNewest(
  provider: ReturnType<typeof theProvider>,
  repository: number,
  backup: NonNullable<Draft['backup']>,
  abort: AbortSignal,
): Promise<Error | null> {
  try {
    await archiveNow(provider, backup, abort, provider.copies ? 1 : repository)
    if (provider.copies && repository > 1) await provider.replicate(() => {}, abort)
    return null
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** `2026-11-26T18-15-00Z`: a folder's name. */
const nameOf = (at: string): string => at.replace(/\.\d+/, '').replaceAll(':', '-')

/** So that a server that is started there stands still at the target, too. */
const toSettings = (settings: Record<string, string>): string =>
  [
    '',
    "archive_mode = 'off'",
    ...Object.entries(settings).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`),
    '',
  ].join('\n')
