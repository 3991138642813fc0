import { sql } from 'drizzle-orm'
import { arrayLiteral } from '@/db/array-literal'
import type { Db } from '@/db/connect'
import type { UserKey } from '@/db/queries/analytics/users/describe-user'
import { analyticsTables } from '@/db/schema'

/** Lets go of the anonymousIds that were joined to a user. Returns them. */
export async function deleteIdentities(tx: Db, { projectId, userId }: UserKey): Promise<string[]> {
  const rows = await tx.execute<{ id: string }>(sql`
    delete from identities where project_id = ${projectId} and user_id = ${userId} returning anonymous_id as id`)
  return rows.map((row) => row.id)
}

/**
 * Deletes the rows of a user, and of anonymousIds of theirs where those stand alone.
 *
 * @returns rows deleted, by table
 */
export async function deleteUserRows(
  tx: Db,
  { projectId, userId }: UserKey,
  anonymousIds: string[],
): Promise<Record<string, number>> {
  const ids = sql`${arrayLiteral([userId, ...anonymousIds])}::text[]`
  const alone = sql`and (user_id = ${userId} or anonymous_id = user_id)`
  const deleted: Record<string, number> = {}
  for (const table of [...analyticsTables, 'record_times']) {
    const result = await tx.execute(sql`
      delete from ${sql.identifier(table)} where project_id = ${projectId} and user_id = any(${ids})
      ${table === 'record_times' ? undefined : alone}`)
    deleted[table] = result.count
  }
  return deleted
}
