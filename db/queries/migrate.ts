import { sql } from 'drizzle-orm'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import type { PgDialect, PgSession } from 'drizzle-orm/pg-core'
import type { Connection } from '@/db/connect'

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
