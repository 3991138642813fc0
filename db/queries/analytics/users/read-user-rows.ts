import { getTableColumns, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Db } from '@/db/connect'
import { isoTime } from '@/db/queries/analytics/intervals'
import type { UserKey } from '@/db/queries/analytics/users/describe-user'
import { analytics, identities, recordTimes } from '@/db/schema'

const tables: [name: string, table: PgTable, time: string][] = [
  ...Object.entries(analytics).map(([name, table]): [string, PgTable, string] => [
    name,
    table,
    'occurred_at',
  ]),
  ['record_times', recordTimes, 'occurred_at'],
  ['identities', identities, 'joined_at'],
]

/** Every row of a user by table, in order of time: all columns but the transaction, which says nothing of them. */
export async function readUserRows(
  tx: Db,
  user: UserKey,
): Promise<Record<string, Record<string, unknown>[]>> {
  const read = tables.map(async ([name, table, time]) => [name, await readRows(tx, name, table, time, user)])
  return Object.fromEntries(await Promise.all(read))
}

async function readRows(
  tx: Db,
  name: string,
  table: PgTable,
  time: string,
  { projectId, userId }: UserKey,
): Promise<Record<string, unknown>[]> {
  const columns = Object.entries(getTableColumns(table))
    .filter(([key]) => key !== 'transactionId')
    .map(([key, column]) => {
      const isTime = column.getSQLType() === 'timestamp with time zone'
      return sql`${isTime ? isoTime(sql`${column}`) : column} as ${sql.identifier(key)}`
    })
  const order = name === 'identities' ? sql`anonymous_id` : sql`id`
  return tx.execute<Record<string, unknown>>(sql`
    select ${sql.join(columns, sql`, `)} from ${sql.identifier(name)}
    where project_id = ${projectId} and user_id = ${userId} order by ${sql.identifier(time)}, ${order}`)
}
