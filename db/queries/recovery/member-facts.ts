import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { FENCE } from '@/db/queries/recovery/fence'

/** What a server says of itself, whatever its agent says. LSNs are bytes since 0/0. */
export interface MemberFacts extends Record<string, unknown> {
  standby: boolean
  /** Whether it takes writes: no standby, and not set to read only. */
  writable: boolean
  timeline: number
  systemIdentifier: string
  /** On disk here: of a leader all that it acknowledged, of a standby all that it received. */
  flushed: number
  /** Of a standby; null on a leader. */
  replayed: number | null
  replayPaused: boolean
  /** Of a standby: whether it streams, and the milliseconds since its leader last spoke. */
  streaming: boolean
  heardMs: number | null
  /** Of a leader: those that stream from it, and which of them commits wait for. */
  standbys: { name: string; state: string; synchronous: boolean; flushed: number | null }[]
  /** Of a leader: whether its settings make commits wait. */
  synchronousMode: boolean
  freeSenders: number
  freeSlots: number
  archiving: boolean
  /** Whether the last attempt to archive failed. */
  archiveFails: boolean
  backupRuns: boolean
  pendingRestart: boolean
  /** Queries that replay has cancelled here, since the statistics began. */
  conflicts: number
  /** Whether it was fenced: what it is asked to write is never acknowledged. */
  fenced: boolean
}

/** Asks one server; works on a leader and on a standby of PostgreSQL 15 to 18, for a role with pg_monitor. */
export async function readMemberFacts(db: Db): Promise<MemberFacts> {
  const [row] = await db.execute<{ facts: MemberFacts }>(sql`
    with server as (select pg_is_in_recovery() as standby),
    receiver as (
      select received_tli, status = 'streaming' as streaming,
        extract(epoch from clock_timestamp() - last_msg_receipt_time) * 1000 as heard
      from pg_stat_wal_receiver),
    -- One that lost its leader says no more which timeline it followed, but its WAL does.
    received as (
      select max(('x' || left(name, 8))::bit(32)::int) as timeline
      from pg_ls_waldir() where name ~ '^[0-9A-F]{24}$')
    select json_build_object(
      'standby', standby,
      'writable', not standby and current_setting('default_transaction_read_only') = 'off',
      'timeline', case
        when standby then coalesce(
          (select received_tli from receiver where streaming),
          (select greatest(r.min_recovery_end_timeline, c.timeline_id, w.timeline)
            from pg_control_recovery() r, pg_control_checkpoint() c, received w))
        else ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int end,
      'systemIdentifier', (select system_identifier::text from pg_control_system()),
      'flushed', case
        when standby then greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())
        else pg_current_wal_flush_lsn() end - '0/0',
      'replayed', case when standby then pg_last_wal_replay_lsn() - '0/0' end,
      'replayPaused', case when standby then pg_is_wal_replay_paused() else false end,
      'streaming', coalesce((select streaming from receiver), false),
      'heardMs', (select heard from receiver),
      'standbys', (
        select coalesce(json_agg(json_build_object('name', application_name, 'state', state,
          'synchronous', sync_state in ('sync', 'quorum'), 'flushed', flush_lsn - '0/0')), '[]')
        from pg_stat_replication where state <> 'backup'),
      'synchronousMode', current_setting('synchronous_standby_names') <> '',
      'freeSenders', current_setting('max_wal_senders')::int - (select count(*) from pg_stat_replication),
      'freeSlots', current_setting('max_replication_slots')::int - (select count(*) from pg_replication_slots),
      'archiving', current_setting('archive_mode') in ('on', 'always'),
      'archiveFails', (select coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false)
        from pg_stat_archiver),
      'backupRuns', exists (select from pg_stat_progress_basebackup),
      'pendingRestart', exists (select from pg_settings where pending_restart),
      'conflicts', (select coalesce(sum(conflicts), 0) from pg_stat_database),
      'fenced', current_setting('synchronous_standby_names') = ${FENCE}
    ) as facts from server`)
  return (row as { facts: MemberFacts }).facts
}

/** Whether a server is a standby: the shortest question there is. */
export async function isInRecovery(db: Db): Promise<boolean> {
  const [row] = await db.execute<{ standby: boolean }>(sql`select pg_is_in_recovery() as standby`)
  return row?.standby ?? true
}

/** WAL segments that wait to be archived; null where the role may not look. */
export async function countUnarchived(db: Db): Promise<number | null> {
  return db
    .execute<{ count: number }>(
      sql`select count(*)::int as count from pg_ls_archive_statusdir() where name like '%.ready'`,
    )
    .then(
      ([row]) => row?.count ?? null,
      () => null,
    )
}

/** Proves that a server takes writes: a transaction gets a number, and changes nothing. @throws on a standby */
export async function tryWrite(db: Db): Promise<void> {
  await db.execute(sql`select pg_current_xact_id()`)
}

/** Ends the current WAL segment, so that it is archived now. */
export async function switchWal(db: Db): Promise<void> {
  await db.execute(sql`select pg_switch_wal()`)
}

/** Ends the current WAL segment, after a record of our own, so that even an idle server has one to archive. @returns the position before, in bytes, and its timeline */
export async function endSegment(db: Db): Promise<{ lsn: number; timeline: number }> {
  const [row] = await db.execute<{ lsn: string; timeline: number }>(sql`
    select (lsn - '0/0')::text as lsn, ('x' || left(pg_walfile_name(lsn), 8))::bit(32)::int as timeline
    from pg_logical_emit_message(true, 'holdfast', 'backup') as lsn`)
  await switchWal(db)
  return { lsn: Number(row?.lsn), timeline: row?.timeline ?? 0 }
}
