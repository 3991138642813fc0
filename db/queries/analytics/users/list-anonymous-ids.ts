import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import type { UserKey } from '@/db/queries/analytics/users/describe-user'
import { analyticsTables } from '@/db/schema'

/** The anonymousIds that were joined to a user or came beside their id, in order. */
export async function listAnonymousIds(
  db: Db,
  { projectId, userId }: UserKey,
  limit?: number,
): Promise<string[]> {
  const seen = ['identities', ...analyticsTables].map(
    (table) => sql`
      select anonymous_id from ${sql.identifier(table)} where project_id = ${projectId} and user_id = ${userId}`,
  )
  const rows = await db.execute<{ id: string }>(sql`
    select anonymous_id as id from (${sql.join(seen, sql` union `)}) seen
    where anonymous_id <> ${userId} order by 1 ${limit === undefined ? undefined : sql`limit ${limit}`}`)
  return rows.map((row) => row.id)
}
