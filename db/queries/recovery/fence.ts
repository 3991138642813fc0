import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'

/** A standby of this name never comes, so that no commit is ever acknowledged. */
export const FENCE = 'holdfast_fenced'

/**
 * Has a server begin no more transactions that write, and acknowledge none that somebody insists on. Its own settings are
 * kept across a restart. The role has to be a superuser's, or to have been granted ALTER SYSTEM on both settings, and to
 * execute pg_reload_conf().
 */
export async function fenceServer(db: Db): Promise<void> {
  await db.execute(sql.raw(`alter system set synchronous_standby_names = '${FENCE}'`))
  await db.execute(sql`alter system set default_transaction_read_only = 'on'`)
  await reload(db)
}

/** Takes the fence away again; what was set before counts. Works on a standby, too. */
export async function liftFence(db: Db): Promise<void> {
  await db.execute(sql`alter system reset synchronous_standby_names`)
  await db.execute(sql`alter system reset default_transaction_read_only`)
  await reload(db)
}

/** Whether the fence counts already: a server takes a moment to read its settings again. */
export async function isFenced(db: Db): Promise<boolean> {
  const [row] = await db.execute<{ fenced: boolean }>(sql`
    select current_setting('synchronous_standby_names') = ${FENCE}
      and current_setting('default_transaction_read_only') = 'on' as fenced`)
  return row?.fenced ?? false
}

/**
 * Ends every other client's connection: those that began before the fence do not know of it. Those of superusers only a
 * superuser ends.
 *
 * @returns how many
 */
export async function endClients(db: Db): Promise<number> {
  const [row] = await db.execute<{ ended: number }>(sql`
    select count(*) filter (where pg_terminate_backend(pid))::int as ended from pg_stat_activity
    where backend_type = 'client backend' and pid <> pg_backend_pid() and (
      usesysid in (select oid from pg_roles where not rolsuper)
      or (select rolsuper from pg_roles where rolname = current_user))`)
  return row?.ended ?? 0
}

const reload = (db: Db) => db.execute(sql`select pg_reload_conf()`)
