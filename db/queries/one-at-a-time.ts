import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'

/** Has others wait until this transaction ends that change the same of a project: else two could both take its last place. */
export async function oneAtATime(tx: Db, what: string, projectId: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`holdfast.${what}.${projectId}`}, 0))`)
}
