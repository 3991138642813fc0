import { nameMoment } from '@/db/queries/recovery/backup-record'
import { leader } from '@/lib/database'
import { Problem } from '@/lib/http/problem'
import type { RestorePoint } from '@/lib/recovery/backups/contract'
import { formatLsn } from '@/lib/recovery/format'
import { appendJournal, readJournal } from '@/lib/recovery/journal/file'

const KIND = 'restore-point'
/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const NOT_PERMITTED = '42501'

/** Names this moment in the WAL, and in the journal, which is where the names are looked up. @throws Problem 409 for a name that is taken */
export async function nameRestorePoint(name: string, actor: string, db = leader()): Promise<RestorePoint> {
  if (listRestorePoints().some((point) => point.name === name))
    throw new Problem(409, `There is a restore point ${name} already: PostgreSQL would stop at the first.`)
  const moment = await nameMoment(db, name).catch((cause: Error & { cause?: { code?: string } }) => {
    if (cause.cause?.code !== NOT_PERMITTED) throw cause
    throw new Problem(
      409,
      'The role of DATABASE_URL may not name moments: grant it pg_create_restore_point(text).',
      {
        cause,
      },
    )
  })
  const lsn = formatLsn(moment.lsn)
  const { timeline } = moment
  const at = new Date().toISOString()
  await appendJournal({
    kind: KIND,
    actor,
    message: `${name} at ${lsn}`,
    detail: { name, lsn, timeline, at },
  })
  return { name, lsn, timeline, at, actor }
}

/** The named moments, newest first. */
export function listRestorePoints(): RestorePoint[] {
  return readJournal()
    .entries.filter(({ kind }) => kind === KIND)
    .map(({ detail, actor }) => ({
      ...(detail as { name: string; lsn: string; timeline: number; at: string }),
      actor,
    }))
    .reverse()
}
