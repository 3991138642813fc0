// The role that the application works as: the owner of its database and of nothing else. It reads no file of the machine and
// runs no program there, as a superuser could; what recovery needs is granted by name.
import { within } from '@/lib/in-time'
import { CLUSTER } from './home'
import { connect } from './session'
import type { Secrets } from './state'

export const APPLICATION = 'holdfast_app'

const grantMs = 60_000

/** To see all statistics and settings, to write a checkpoint, and to end connections of others that are no superusers. */
export const ROLES = ['pg_monitor', 'pg_checkpoint', 'pg_signal_backend']
/** For backups, for named moments, for a standby that waits, and for the fence. */
export const FUNCTIONS = [
  'pg_backup_start(text, boolean)',
  'pg_backup_stop(boolean)',
  'pg_switch_wal()',
  'pg_create_restore_point(text)',
  'pg_wal_replay_pause()',
  'pg_wal_replay_resume()',
  'pg_reload_conf()',
]
/** The fence: see db/queries/recovery/fence.ts. */
export const SETTINGS = ['synchronous_standby_names', 'default_transaction_read_only']

/** What a superuser has made in the database before there was this role, and what of it is no part of something else. */
const FOREIGN = `
  select format('alter schema %I', nspname) as change from pg_namespace
  where nspowner = current_user::regrole and oid >= 16384
  union all
  select format('alter table %s', oid::regclass) from pg_class c
  where relowner = current_user::regrole and oid >= 16384 and relkind in ('r', 'p', 'v', 'm', 'S') and not exists (
    select from pg_depend where classid = 'pg_class'::regclass and objid = c.oid
      and (deptype = 'e' or relkind = 'S' and deptype in ('a', 'i')))
  union all
  select format('alter type %s', oid::regtype) from pg_type t
  where typowner = current_user::regrole and oid >= 16384 and typtype in ('e', 'd') and not exists (
    select from pg_depend where classid = 'pg_type'::regclass and objid = t.oid and deptype = 'e')
  union all
  select format('alter routine %s', oid::regprocedure) from pg_proc p
  where proowner = current_user::regrole and oid >= 16384 and not exists (
    select from pg_depend where classid = 'pg_proc'::regclass and objid = p.oid and deptype = 'e')`

/** Lets the application in: makes its role, unless it is there, and gives it what it needs. Of a leader on this port. */
export async function admitApplication(port: number, secrets: Secrets): Promise<void> {
  const client = connect({ port, user: CLUSTER, password: secrets.password, database: CLUSTER })
  try {
    await within(grantMs, () =>
      client.begin(async (sql) => {
        // The application may make what it likes in its own schemas; a superuser must not come upon it.
        await sql`set local search_path = pg_catalog`
        const [found] = await sql`select from pg_roles where rolname = ${APPLICATION}`
        if (!found) await sql.unsafe(`create role ${APPLICATION}`)
        // The password is base64url: nothing in it needs quoting.
        await sql.unsafe(`alter role ${APPLICATION} login nosuperuser nocreatedb nocreaterole noreplication nobypassrls
          password '${secrets.applicationPassword}'`)
        await sql.unsafe(`grant ${ROLES.join(', ')} to ${APPLICATION}`)
        await sql.unsafe(`grant execute on function ${FUNCTIONS.join(', ')} to ${APPLICATION}`)
        await sql.unsafe(`grant alter system on parameter ${SETTINGS.join(', ')} to ${APPLICATION}`)
        await sql.unsafe(`alter database ${CLUSTER} owner to ${APPLICATION}`)
        for (const { change } of await sql.unsafe(FOREIGN))
          await sql.unsafe(`${change} owner to ${APPLICATION}`)
      }),
    )
  } finally {
    client.end({ timeout: 0 }).catch(() => {})
  }
}
