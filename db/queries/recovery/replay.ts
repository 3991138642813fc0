import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'

export interface Replay {
  /** Replayed so far, in bytes since 0/0. */
  lsn: number
  /** Whether it stands still at its target; one that replays no more at all has been promoted. */
  paused: boolean
  /** When the last commit that was replayed was made; null if there was none. */
  lastCommitAt: string | null
}

/** How far a server's recovery is. */
export async function readReplay(db: Db): Promise<Replay> {
  const [row] = await db.execute<{ lsn: string; paused: boolean; lastCommitAt: string | null }>(sql`
    select (pg_last_wal_replay_lsn() - '0/0')::text as lsn,
      pg_is_in_recovery() and pg_get_wal_replay_pause_state() = 'paused' as paused,
      to_char(pg_last_xact_replay_timestamp(), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "lastCommitAt"`)
  const { lsn, paused, lastCommitAt } = row as NonNullable<typeof row>
  return { lsn: Number(lsn), paused, lastCommitAt }
}

export const isStandingStill = ({ paused }: Replay): boolean => paused

/** The superuser that the database cluster was made with, whatever its name. */
export async function findSuperuser(db: Db): Promise<string> {
  const [row] = await db.execute<{ name: string }>(sql`select rolname as name from pg_roles where oid = 10`)
  return row?.name ?? 'postgres'
}

/** Ends recovery: the server takes writes, on a timeline of its own. */
export async function promote(db: Db): Promise<void> {
  await db.execute(sql`select pg_promote(true, 600)`)
}

/**
 * Reads every B-tree index and the pages of the tables, and compares them with what they have to be.
 * https://www.postgresql.org/docs/current/amcheck.html
 *
 * @param db of a superuser, on a server that is thrown away
 * @returns how many were checked
 * @throws Error with the first that is corrupt
 */
export async function checkRelations(
  db: Db,
  onChecked: (done: number, total: number) => void,
): Promise<number> {
  // In a schema of its own, so that what checks is PostgreSQL's, whatever else the database has by these names.
  const schema = sql.identifier(`check_${randomUUID()}`)
  await db.execute(sql`create schema ${schema}`)
  await db.execute(sql`drop extension if exists amcheck`)
  await db.execute(sql`create extension amcheck schema ${schema}`)
  const indexes = await db.execute<{ oid: string; name: string }>(sql`
    select c.oid::text as oid, c.oid::regclass::text as name from pg_index i
    join pg_class c on c.oid = i.indexrelid join pg_am a on a.oid = c.relam
    where a.amname = 'btree' and c.relkind = 'i' and c.relpersistence = 'p' and i.indisready and i.indisvalid`)
  const tables = await db.execute<{ oid: string; name: string }>(sql`
    select c.oid::text as oid, c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'm') and c.relpersistence = 'p' and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')`)
  const total = indexes.length + tables.length
  let done = 0
  for (const { oid, name } of indexes) {
    await db.execute(sql`select ${schema}.bt_index_check(${oid}::oid::regclass)`).catch((error: Error) => {
      throw new Error(`index ${name} is corrupt: ${reasonOf(error)}`)
    })
    onChecked(++done, total)
  }
  for (const { oid, name } of tables) {
    const [fault] = await db
      .execute<{ msg: string }>(
        sql`select msg from ${schema}.verify_heapam(${oid}::oid::regclass, on_error_stop := true) limit 1`,
      )
      .catch((error: Error) => [{ msg: reasonOf(error) }])
    if (fault) throw new Error(`table ${name} is corrupt: ${fault.msg}`)
    onChecked(++done, total)
  }
  return total
}

const reasonOf = (error: Error): string =>
  error.cause instanceof Error ? error.cause.message : error.message
