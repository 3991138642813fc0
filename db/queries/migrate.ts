import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import type { PgDialect, PgSession } from 'drizzle-orm/pg-core'
import type { Connection, Db } from '@/db/connect'

/** Any constant that nothing else locks; it says "hold" in ASCII. */
const LOCK = 0x686f6c64

/**
 * Brings the schema up to date. Safe to call from several processes at once: they queue behind a session's advisory
 * lock, which PostgreSQL lets go of if the holder dies.
 *
 * @param connection one with `max: 1`, since the lock belongs to a session
 */
export async function migrate({ db }: Connection, folder = 'db/migrations'): Promise<void> {
  await db.execute(sql`select pg_advisory_lock(${LOCK})`)
  try {
    const { dialect, session } = db as unknown as { dialect: PgDialect; session: PgSession }
    await dialect.migrate(readMigrationFiles({ migrationsFolder: folder }), session, {
      migrationsFolder: folder,
    })
  } finally {
    await db.execute(sql`select pg_advisory_unlock(${LOCK})`)
  }
}

/** The migrations that a database still lacks, by their names; none of a new one, which has nothing to go back to. */
export async function findPending(db: Db, folder = 'db/migrations'): Promise<string[]> {
  const [known] = await db.execute<{ there: boolean }>(
    sql`select to_regclass('drizzle.__drizzle_migrations') is not null as there`,
  )
  if (!known?.there) return []
  const [row] = await db.execute<{ last: string | null }>(
    sql`select max(created_at)::text as last from drizzle.__drizzle_migrations`,
  )
  const journal = JSON.parse(readFileSync(join(folder, 'meta', '_journal.json'), 'utf8')) as {
    entries: { tag: string; when: number }[]
  }
  return row?.last ? journal.entries.filter(({ when }) => when > Number(row.last)).map(({ tag }) => tag) : []
}
