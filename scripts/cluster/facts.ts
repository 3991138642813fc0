// What a member knows about itself, asked from PostgreSQL, with the last answer kept for when it is down.
import type { Session } from './session'

export interface ReplicationRow {
  usename: string
  application_name: string
  client_addr: string | null
  state: string
  sync_state: string
  sync_priority: number
}

export interface Facts {
  postmasterStartTime: string
  serverVersion: number
  systemIdentifier: string
  standby: boolean
  timeline: number
  /** WAL positions in bytes since 0/0, as Patroni gives them. */
  location: number | null
  receivedLocation: number | null
  replayedLocation: number | null
  replayedTimestamp: string | null
  paused: boolean
  streaming: boolean
  replication: ReplicationRow[]
}

export class FactSource {
  /** The newest answer, however old. */
  last: Facts | null = null
  private asking: Promise<Facts | null> | null = null

  constructor(private readonly session: Session) {}

  /** Asks the server; null when it gives no answer within 1.5 s. Callers at one time share one question. */
  now(): Promise<Facts | null> {
    this.asking ??= this.ask().finally(() => {
      this.asking = null
    })
    return this.asking
  }

  private async ask(): Promise<Facts | null> {
    try {
      this.last = await this.session.run(async (sql) => {
        const [row] = await sql<{ facts: Facts }[]>`
          with server as (select pg_is_in_recovery() as standby),
          receiver as (select status, received_tli from pg_stat_wal_receiver),
          -- One that lost its leader says no more which timeline it followed, but its WAL does.
          received as (
            select max(('x' || left(name, 8))::bit(32)::int) as timeline
            from pg_ls_waldir() where name ~ '^[0-9A-F]{24}$')
          select json_build_object(
            'postmasterStartTime', to_char(pg_postmaster_start_time(), 'YYYY-MM-DD HH24:MI:SS.US+00:00'),
            'serverVersion', current_setting('server_version_num')::int,
            'systemIdentifier', (select system_identifier::text from pg_control_system()),
            'standby', standby,
            'timeline', case
              when standby then coalesce(
                (select received_tli from receiver where status = 'streaming'),
                (select greatest(r.min_recovery_end_timeline, c.timeline_id, w.timeline)
                 from pg_control_recovery() r, pg_control_checkpoint() c, received w))
              else ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int end,
            'location', case when not standby then pg_current_wal_lsn() - '0/0' end,
            'receivedLocation', case when standby then
              greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) - '0/0' end,
            'replayedLocation', case when standby then pg_last_wal_replay_lsn() - '0/0' end,
            'replayedTimestamp', to_char(pg_last_xact_replay_timestamp(), 'YYYY-MM-DD HH24:MI:SS.US+00:00'),
            'paused', case when standby then pg_is_wal_replay_paused() else false end,
            'streaming', exists (select from receiver where status = 'streaming'),
            'replication', (
              select coalesce(json_agg(json_build_object(
                'usename', usename, 'application_name', application_name, 'client_addr', host(client_addr),
                'state', state, 'sync_state', sync_state, 'sync_priority', sync_priority)), '[]')
              from pg_stat_replication)
          ) as facts from server`
        return row?.facts ?? null
      })
      return this.last
    } catch {
      return null
    }
  }
}
