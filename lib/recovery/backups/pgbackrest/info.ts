import { z } from 'zod'
import { parseLsn } from '@/lib/recovery/backups/archive'
import type { BackupKind, BackupProblem } from '@/lib/recovery/backups/contract'
import { runPgBackRest, type Settings } from '@/lib/recovery/backups/pgbackrest/command'
import { PgBackRestError } from '@/lib/recovery/backups/pgbackrest/failure'
import type { StoredBackup } from '@/lib/recovery/backups/provider'

/** What `pgbackrest info --output=json` tells of one stanza; only what is read here. */
const stanza = z.object({
  backup: z.array(
    z.object({
      label: z.string(),
      type: z.enum(['full', 'diff', 'incr']),
      prior: z.string().nullable(),
      reference: z.array(z.string()).nullish(),
      /** Pages whose checksum was wrong when they were copied; null where PostgreSQL has no checksums. */
      error: z.boolean().nullish(),
      database: z.object({ id: z.number(), 'repo-key': z.number() }),
      archive: z.object({ start: z.string().nullable(), stop: z.string().nullable() }),
      lsn: z.object({ start: z.string(), stop: z.string() }).optional(),
      timestamp: z.object({ start: z.number(), stop: z.number() }),
      info: z.object({ size: z.number(), repository: z.object({ delta: z.number() }) }),
      annotation: z.record(z.string(), z.string()).optional(),
    }),
  ),
  db: z.array(
    z.object({ id: z.number(), 'repo-key': z.number(), 'system-id': z.string(), version: z.string() }),
  ),
  repo: z.array(
    z.object({
      key: z.number(),
      cipher: z.string(),
      status: z.object({ code: z.number(), message: z.string() }),
    }),
  ),
})
export type Info = z.infer<typeof stanza>
export type InfoBackup = Info['backup'][number]

const kinds = { full: 'full', diff: 'differential', incr: 'incremental' } as const
export const typeOf: Record<BackupKind, string> = { full: 'full', differential: 'diff', incremental: 'incr' }

/** Asks one repository what it has. @throws PgBackRestError where pgBackRest itself cannot run */
export async function readInfo(settings: Settings, repository: number): Promise<Info> {
  const text = await runPgBackRest(settings, 'info', {
    repository,
    // A repository that is away is asked no longer than this for each try.
    options: { output: 'json', 'io-timeout': '5' },
  })
  return parseInfo(text)
}

/** Reads the answer of `info`. The system identifier stays text: as a number it would lose its last digits. */
export function parseInfo(text: string): Info {
  const readable = text.replace(/\p{Cc}/gu, ' ').replace(/"system-id":(\d+)/g, '"system-id":"$1"')
  const [only] = z.array(stanza).parse(JSON.parse(readable))
  if (!only)
    throw new PgBackRestError({ what: 'pgbackrest info names no stanza', action: 'See BACKUP_STANZA.' })
  return only
}

/** The id and version of the database that is archived now: the newest that the repository knows. */
export function currentDatabase(info: Info): { id: number; version: string } | null {
  return info.db.reduce<Info['db'][number] | null>(
    (last, one) => (last && last.id > one.id ? last : one),
    null,
  )
}

/** A backup in our words. Its times are in whole seconds. */
export function toBackup(backup: InfoBackup, current: { id: number } | null): StoredBackup {
  const { label, type, prior, timestamp, archive, lsn, info, error, database } = backup
  const problems: BackupProblem[] = []
  if (error)
    problems.push({
      what: `Backup ${label} holds pages whose checksum was wrong already when they were copied`,
      action: `\`pgbackrest info --set=${label}\` names them: mend these tables, then make a full backup.`,
    })
  if (!lsn || !archive.start)
    problems.push({
      what: `Backup ${label} was made of a stopped server, without WAL`,
      action: 'Nothing can be recovered from it to a time: make a full backup.',
    })
  if (current && database.id !== current.id)
    problems.push({
      what: `Backup ${label} is of the database before the last upgrade`,
      action: 'It can only be restored with that version of PostgreSQL: make a full backup of today’s.',
    })
  return {
    id: label,
    kind: kinds[type],
    base: prior,
    startedAt: toIso(timestamp.start),
    // The second is not over yet when it is told: nothing of it can be promised.
    endedAt: toIso(timestamp.stop + 1),
    // pgBackRest does not keep whom it copied.
    member: null,
    timeline: Number.parseInt(archive.start?.slice(0, 8) ?? '0', 16),
    startLsn: lsn ? parseLsn(lsn.start) : 0,
    stopLsn: lsn ? parseLsn(lsn.stop) : 0,
    sizeBytes: info.size,
    storedBytes: info.repository.delta,
    problems,
  }
}

const toIso = (seconds: number): string => new Date(seconds * 1000).toISOString()
