import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { type AnalyticsTable, analyticsTables } from '@/db/schema'

/** An anonymousId and the user that it is joined to. */
export interface Identity extends Record<string, unknown> {
  projectId: string
  anonymousId: string
  userId: string
}

export interface IdentityState extends Record<string, unknown> {
  /** Whom the anonymousId is joined to. */
  owner: string | null
  /** The userId is an anonymousId that was joined to someone. */
  userIsJoined: boolean
  /** The anonymousId is a user that another anonymousId was joined to. */
  anonymousIsUser: boolean
  /** The tables with records of the anonymousId alone. */
  tables: AnalyticsTable[]
}

/** What is known of an anonymousId and a user before they are joined. */
export async function readIdentity(db: Db, identity: Identity): Promise<IdentityState> {
  const { projectId, anonymousId, userId } = identity
  const tables = sql.join(
    analyticsTables.map(
      (table) =>
        sql`case when ${hasRecords(table, sql`${projectId}`, sql`${anonymousId}`)} then ${table}::text end`,
    ),
    sql`, `,
  )
  const [row] = await db.execute<IdentityState>(sql`
    select
      (select user_id from identities where project_id = ${projectId} and anonymous_id = ${anonymousId}) as owner,
      exists (select from identities where project_id = ${projectId} and anonymous_id = ${userId})
        as "userIsJoined",
      exists (select from identities where project_id = ${projectId} and user_id = ${anonymousId})
        as "anonymousIsUser",
      array_remove(array[${tables}], null) as tables`)
  return row as IdentityState
}

/** Whether records came with an id as their userId. */
export async function isUser(db: Db, projectId: string, userId: string): Promise<boolean> {
  const tests = analyticsTables.map(
    (table) => sql`exists (
      select from ${sql.identifier(table)} t
      where t.project_id = ${projectId} and t.user_id = ${userId} and t.anonymous_id is distinct from ${userId})`,
  )
  const [row] = await db.execute<{ known: boolean }>(sql`select ${sql.join(tests, sql` or `)} as known`)
  return row?.known ?? false
}

/** Joins an anonymousId to a user, unless it is joined. */
export async function insertIdentity(db: Db, { projectId, anonymousId, userId }: Identity): Promise<void> {
  await db.execute(sql`
    insert into identities (project_id, anonymous_id, user_id)
    values (${projectId}, ${anonymousId}, ${userId}) on conflict do nothing`)
}

/** Whom an anonymousId is joined to, which stays so until the transaction ends. */
export async function holdIdentity(
  db: Db,
  { projectId, anonymousId }: Omit<Identity, 'userId'>,
): Promise<string | undefined> {
  const [row] = await db.execute<{ owner: string }>(sql`
    select user_id as owner from identities
    where project_id = ${projectId} and anonymous_id = ${anonymousId} for share`)
  return row?.owner
}

/** Joins of the last hours whose anonymousId has records of its own all the same. */
export async function listLeftBehind(db: Db, hours: number): Promise<Identity[]> {
  const tests = analyticsTables.map((table) => hasRecords(table, sql`i.project_id`, sql`i.anonymous_id`))
  return db.execute<Identity>(sql`
    select project_id as "projectId", anonymous_id as "anonymousId", user_id as "userId" from identities i
    where joined_at > now() - make_interval(hours => ${hours}) and (${sql.join(tests, sql` or `)})
    order by 1, 2`)
}

const hasRecords = (table: AnalyticsTable, projectId: SQL, anonymousId: SQL): SQL => sql`exists (
  select from ${sql.identifier(table)} t
  where t.project_id = ${projectId} and t.user_id = ${anonymousId} and t.anonymous_id = ${anonymousId})`
