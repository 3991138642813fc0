// Synchronous replication as Patroni's synchronous_mode: on while the standby streams, off when it has
// gone, so that writes continue. `state.synchronous` names the standby only while every acknowledged commit
// is on it: that is what a failover without loss relies on.
import type { MemberName } from './home'
import type { Session } from './session'
import type { StateFile } from './state'

const goneAfterMs = 2000
const checkpointMs = 120_000

interface Observed {
  names: string
  state: string | null
  syncState: string | null
  flushed: boolean | null
}

export class SynchronousMode {
  private missingSince: number | null = null
  /** The WAL position from which on commits waited for the standby: known after the checkpoint, below. */
  private waitedFrom: string | null = null
  private checkpointing = false

  /** `slow` is a session for the checkpoint, which may take long. */
  constructor(
    private readonly control: Session,
    private readonly slow: Session,
    private readonly state: StateFile,
    private readonly log: (line: string) => void,
  ) {}

  /** Looks once, and takes at most one step. A leader that does not answer is left alone. @returns whether it answered */
  async tick(standby: MemberName): Promise<boolean> {
    const seen = await this.observe(standby).catch(() => null)
    if (!seen) {
      // After a crash of the leader the standby gets its time to come back.
      this.missingSince = null
      return false
    }
    const streaming = seen.state === 'streaming'
    this.missingSince = streaming ? null : (this.missingSince ?? Date.now())
    const isOn = seen.names === `"${standby}"`
    if (isOn && this.missingSince !== null && Date.now() - this.missingSince > goneAfterMs) {
      await this.switchOff()
      this.log(`asynchronous: ${standby} is gone, commits no longer wait for it`)
    } else if (!isOn && (this.state.current.synchronous !== null || seen.names !== '')) {
      // The setting names another, or was changed by somebody: what is recorded is not true, or nobody
      // answers.
      await this.switchOff()
    } else if (!isOn && streaming) {
      this.waitedFrom = null
      await this.setNames(`"${standby}"`)
    } else if (isOn && streaming && this.state.current.synchronous !== standby && seen.syncState === 'sync') {
      await this.confirm(standby, seen)
    }
    return true
  }

  private observe(standby: MemberName): Promise<Observed | null> {
    return this.control.run(async (sql) => {
      const [row] = await sql<Observed[]>`
        select current_setting('synchronous_standby_names') as names, state, sync_state as "syncState",
               flush_lsn >= ${this.waitedFrom}::pg_lsn as flushed
        from (select) as always left join pg_stat_replication on application_name = ${standby}
        order by state = 'streaming' desc nulls last limit 1`
      return row ?? null
    })
  }

  // It is the checkpointer that makes commits wait, when it rereads the settings. A checkpoint asked for
  // after the change ends after that; and what was acknowledged without waiting lies before the WAL position
  // of then.
  private async confirm(standby: MemberName, seen: Observed): Promise<void> {
    if (this.waitedFrom === null) {
      if (this.checkpointing) return
      this.checkpointing = true
      this.slow
        .run(async (sql) => {
          await sql`checkpoint`
          const [row] = await sql<{ lsn: string }[]>`select pg_current_wal_insert_lsn()::text as lsn`
          this.waitedFrom = row?.lsn ?? null
        }, checkpointMs)
        .catch(() => {})
        .finally(() => {
          this.checkpointing = false
        })
    } else if (seen.flushed) {
      await this.state.update({ synchronous: standby })
      this.log(`synchronous: commits wait for ${standby}`)
    }
  }

  /** Commits stop waiting, and no standby is recorded as synchronous. Throws when that cannot be recorded. */
  async switchOff(): Promise<void> {
    // First the record, then the server: the other way round a failover could trust a standby that missed
    // commits.
    if (this.state.current.synchronous !== null) await this.state.update({ synchronous: null })
    this.waitedFrom = null
    await this.setNames('')
  }

  private async setNames(names: string): Promise<void> {
    await this.control
      .run(async (sql) => {
        await sql.unsafe(`alter system set synchronous_standby_names = '${names}'`)
        await sql`select pg_reload_conf()`
      })
      .catch((error) => this.log(`synchronous_standby_names could not be set: ${error.message}`))
  }
}
