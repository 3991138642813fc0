import { z } from 'zod'
import type { BackupProblem } from '@/lib/recovery/backups/contract'
import { runPgBackRest, type Settings } from '@/lib/recovery/backups/pgbackrest/command'
import { currentDatabase, type Info, readInfo, toBackup } from '@/lib/recovery/backups/pgbackrest/info'
import { findSegmentBytes } from '@/lib/recovery/backups/pgbackrest/segment-size'
import { requireRepository } from '@/lib/recovery/backups/pgbackrest/status'
import type { ArchivedFile, Inventory } from '@/lib/recovery/backups/provider'

const listing = z.record(
  z.string(),
  z.object({ type: z.string(), size: z.number().default(0), time: z.number().default(0) }),
)
export type Listing = z.infer<typeof listing>

/** The content of history files, which never changes, by where and when they were written. */
export type Histories = Map<string, string>

const LIST_MS = 60_000
/** `<segment>-<SHA-1>`, packed or not. What is still being written ends otherwise. */
const wal = /^[^/]+\/[0-9A-F]{16}\/([0-9A-F]{24})-[0-9a-f]{40}(?:\.(?:gz|bz2|lz4|zst))?$/
const history = /^[^/]+\/([0-9A-F]{8})\.history$/

/**
 * What a repository holds.
 *
 * @param known history files that were read before; it is added to
 * @throws PgBackRestError when it cannot be reached or read, with what to do
 */
export async function takeInventory(
  settings: Settings,
  repository: number,
  known: Histories = new Map(),
): Promise<Inventory> {
  const info = await readInfo(settings, repository)
  const problem = requireRepository(info, repository)
  const [archive, folders] = await Promise.all([
    list(settings, repository, `archive/${settings.stanza}`, true),
    list(settings, repository, `backup/${settings.stanza}`, false),
  ])
  const histories = new Map<number, string>()
  for (const { path, timeline, time } of findHistories(archive, archiveIdOf(info))) {
    const key = `${repository}/${path}@${time}`
    const text =
      known.get(key) ??
      (await runPgBackRest(settings, 'repo-get', {
        repository,
        args: [`archive/${settings.stanza}/${path}`],
      }))
    known.set(key, text)
    histories.set(timeline, text)
  }
  const inventory = toInventory(info, archive, folders, histories)
  return { ...inventory, problems: [...(problem ? [problem] : []), ...inventory.problems] }
}

async function list(
  settings: Settings,
  repository: number,
  path: string,
  recurse: boolean,
): Promise<Listing> {
  const text = await runPgBackRest(settings, 'repo-ls', {
    repository,
    args: [path],
    options: { output: 'json', 'io-timeout': '5', ...(recurse ? { recurse: null } : {}) },
    timeoutMs: LIST_MS,
  })
  return parseListing(text)
}

/** Reads the answer of `repo-ls --output=json`. */
export const parseListing = (text: string): Listing => listing.parse(JSON.parse(text))

/** Puts together what a repository holds from what pgBackRest tells of it. */
export function toInventory(
  info: Info,
  archive: Listing,
  folders: Listing,
  histories: Map<number, string>,
): Inventory {
  const current = currentDatabase(info)
  const backups = info.backup.map((backup) => {
    const stored = toBackup(backup, current)
    const gone = [backup.label, ...(backup.reference ?? [])].filter((label) => !folders[label])
    if (gone.length > 0)
      stored.problems.push({
        what: `The files of backup ${gone.join(', ')} are gone from the repository`,
        action: 'Make a full backup; restore from another one or the other repository meanwhile.',
      })
    return stored
  })
  const found = findWal(archive, archiveIdOf(info))
  const positions = info.backup.flatMap(({ lsn, archive }) =>
    lsn && archive.start && archive.stop
      ? [
          { lsn: lsn.start, segment: archive.start },
          { lsn: lsn.stop, segment: archive.stop },
        ]
      : [],
  )
  const archiveBytes = Object.values(archive).reduce((sum, { size }) => sum + size, 0)
  return {
    backups,
    wal: found.files,
    histories,
    segmentBytes: findSegmentBytes(positions),
    storedBytes: backups.reduce((sum, { storedBytes }) => sum + storedBytes, archiveBytes),
    problems: found.problems,
  }
}

/** The folder of the archive that the database of today writes to, such as `15-1`: an upgrade begins another. */
function archiveIdOf(info: Info): string | null {
  const current = currentDatabase(info)
  return current && `${current.version}-${current.id}`
}

function findWal(
  archive: Listing,
  archiveId: string | null,
): { files: ArchivedFile[]; problems: BackupProblem[] } {
  const files = new Map<string, ArchivedFile>()
  const twice = new Set<string>()
  for (const [path, { size, time }] of Object.entries(archive)) {
    const name = path.startsWith(`${archiveId}/`) ? wal.exec(path)?.[1] : undefined
    if (!name) continue
    if (files.has(name)) twice.add(name)
    files.set(name, { name, bytes: size, at: time * 1000 })
  }
  // pgBackRest refuses to hand out either of two that differ: for a recovery it is as if there were none.
  for (const name of twice) files.delete(name)
  return {
    files: [...files.values()],
    problems: [...twice].map((name) => ({
      what: `The archive has two different files of WAL segment ${name}`,
      action:
        'Two servers archived into this stanza: end archiving on the one that does not lead, remove its file, and make a full backup.',
    })),
  }
}

function findHistories(
  archive: Listing,
  archiveId: string | null,
): { path: string; timeline: number; time: number }[] {
  return Object.entries(archive).flatMap(([path, { time }]) => {
    const timeline = path.startsWith(`${archiveId}/`) ? history.exec(path)?.[1] : undefined
    return timeline ? [{ path, timeline: Number.parseInt(timeline, 16), time }] : []
  })
}
