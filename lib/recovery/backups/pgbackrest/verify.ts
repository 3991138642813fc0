import type { BackupProblem } from '@/lib/recovery/backups/contract'
import { runPgBackRest, type Settings } from '@/lib/recovery/backups/pgbackrest/command'
import { PgBackRestError } from '@/lib/recovery/backups/pgbackrest/failure'
import { type InfoBackup, readInfo } from '@/lib/recovery/backups/pgbackrest/info'
import { requireRepository } from '@/lib/recovery/backups/pgbackrest/status'
import { ARCHIVE, MEND_WAL, type Progress } from '@/lib/recovery/backups/provider'

const DAY_MS = 86_400_000
/** Files that a problem names; it counts the others. */
const NAMED = 3
const BACK_UP_ANEW = 'Make a full backup, and restore from another backup or the other repository meanwhile.'

/** A file that is not as it was stored: `path` begins with the backup or the archive that has it. */
export interface BadFile {
  path: string
  fault: string
}

/** What `verify` wrote of an archive or a backup. */
interface Summary {
  status: string | null
  faults: number
}

export interface Verified {
  backups: Map<string, Summary>
  archives: Map<string, Summary>
  /** What its last word was: it does not count backups whose manifest is gone. */
  status: string
}

/**
 * Has pgBackRest read everything in a repository. Its exit code says nothing, so its words are read; a backup that it does
 * not speak of is one whose files are gone. WAL that was deleted it does not miss: that is for the walk over the inventory.
 *
 * @returns what is wrong, by the backup's id and `archive`; sound ones with none
 */
export async function verifyRepository(
  settings: Settings,
  repository: number,
  progress: Progress,
  abort: AbortSignal,
): Promise<Map<string, BackupProblem[]>> {
  const info = await readInfo(settings, repository)
  requireRepository(info, repository)
  // It tells nothing of how far it is.
  progress(0, null)
  const bad: BadFile[] = []
  const text = await runPgBackRest(settings, 'verify', {
    repository,
    options: { output: 'text', verbose: null },
    level: 'info',
    timeoutMs: DAY_MS,
    abort,
    onLine: (line) => {
      const file = parseBadFile(line)
      if (file) bad.push(file)
    },
  }).catch((error: unknown) => {
    // Newer ones end with a code of their own when they found something.
    if (error instanceof PgBackRestError && /^status: /m.test(error.output)) return error.output
    throw error
  })
  return findProblems(parseVerify(text), bad, info.backup)
}

/** Reads a line such as `INFO: invalid checksum '15-1/…'`. */
export function parseBadFile(line: string): BadFile | null {
  const [, fault, path] = /^(?:INFO|WARN|ERROR): ([a-z][a-z ]+) '([^']+\/[^']+)'/.exec(line) ?? []
  return fault && path ? { fault: fault.trim(), path } : null
}

/** Reads what `verify --output=text --verbose` writes. @throws PgBackRestError when it looked at nothing */
export function parseVerify(text: string): Verified {
  const verified: Verified = { backups: new Map(), archives: new Map(), status: '' }
  let open: Summary | null = null
  for (const line of text.split('\n').map((one) => one.trim())) {
    const backup = /^backup: ([^,]+), status: ([^,]+)/.exec(line)
    const archive = /^archiveId: ([^,]+)/.exec(line)
    const unusable = /^No usable (.+)$/.exec(line)?.[1]
    if (unusable)
      throw new PgBackRestError({
        what: `pgbackrest verify could not read ${unusable}`,
        action: 'See the repository’s own problem; a wrong key or a missing disk look like this.',
      })
    if (/^status: /.test(line)) verified.status = line.slice(8)
    else if (backup) {
      open = { status: backup[2] ?? '', faults: 0 }
      verified.backups.set(backup[1] ?? '', open)
    } else if (archive) {
      open = { status: null, faults: 0 }
      verified.archives.set(archive[1] ?? '', open)
    } else if (/^missing: \d+/.test(line) && open)
      open.faults += [...line.matchAll(/: (\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0)
  }
  if (verified.status === '')
    throw new PgBackRestError({
      what: 'pgbackrest verify said nothing that can be read',
      action: 'Run `pgbackrest verify --output=text --verbose` by hand.',
    })
  return verified
}

/** Tells by backup what `verify` found, from its summary, the files that it named, and the backups that should be there. */
export function findProblems(
  { backups, archives, status }: Verified,
  bad: BadFile[],
  expected: Pick<InfoBackup, 'label' | 'reference'>[],
): Map<string, BackupProblem[]> {
  const found = new Map<string, BackupProblem[]>()
  const archiveFiles = bad.filter(({ path }) => archives.has(path.split('/')[0] ?? ''))
  const faults = [...archives.values()].reduce((sum, one) => sum + one.faults, 0)
  found.set(ARCHIVE, [
    ...archiveFiles.map(({ path, fault }) => ({ what: `WAL ${path}: ${fault}`, action: MEND_WAL })),
    ...(faults > archiveFiles.length
      ? [{ what: `${faults} WAL files are not as they were stored`, action: MEND_WAL }]
      : []),
  ])
  for (const { label, reference } of expected) {
    const summary = backups.get(label)
    const holders = new Set([label, ...(reference ?? [])])
    const files = bad.filter(({ path }) => holders.has(path.split('/')[0] ?? ''))
    const what = summary ? describe(label, summary, files) : `The files of backup ${label} are gone`
    found.set(label, what === null ? [] : [{ what, action: BACK_UP_ANEW }])
  }
  const silent = status !== 'ok' && [...found.values()].every((problems) => problems.length === 0)
  const unfinished = [...backups].some(([label, one]) => one.status !== 'valid' && !found.has(label))
  if (silent && !unfinished)
    found.get(ARCHIVE)?.push({
      what: `pgbackrest verify ends with “${status}” and does not say of what`,
      action: 'Run `pgbackrest verify --output=text --verbose --log-level-console=detail` by hand.',
    })
  return found
}

function describe(label: string, { status, faults }: Summary, files: BadFile[]): string | null {
  if (status === 'valid' && faults === 0) return null
  if (faults === 0)
    return status === 'manifest missing'
      ? `The manifest of backup ${label} is missing`
      : `Backup ${label} is ${status}: its manifest cannot be read`
  const named = files.slice(0, NAMED).map(({ path, fault }) => `${path} (${fault})`)
  return `Backup ${label} has ${faults === 1 ? 'a file that is not as it was' : `${faults} files that are not as they were`} stored${named.length > 0 ? `: ${named.join(', ')}` : ''}${faults > named.length && named.length > 0 ? ' …' : ''}`
}
