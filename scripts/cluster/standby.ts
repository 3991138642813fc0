// Keeps the standby a standby: makes it, and makes it again from the leader when it cannot follow any more.
import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { syncFolder } from '@/lib/durable'
import type { RunAs } from '@/lib/postgres/run-as'
import { cloneLeader } from './clone'
import { isDataFolder, isStandby, type MemberName, newestTimeline } from './home'
import type { Server } from './server'
import { type Address, connect, type Session, type Sql } from './session'

const failuresAllowed = 4
const stalledMs = 60_000
const firstPauseMs = 5000
const longestPauseMs = 120_000

export interface StandbyTools {
  leader: Server
  leaderAddress: Address
  control: Session
  standbyProbe: Session
  runAs: RunAs
  abort: AbortSignal
  log: (line: string) => void
  /** Ends synchronous replication before the standby's data go. */
  switchOff(): Promise<void>
  writeSettings(name: MemberName, folder: string): Promise<void>
}

export class StandbyCare {
  /** Why the last attempt to make the standby failed; null after one that did not. */
  failure: string | null = null
  private rebuilding: Promise<void> | null = null
  private builtAt = 0
  private pauseMs = firstPauseMs
  private progress = { position: '', at: Date.now() }

  constructor(
    private readonly server: Server,
    private readonly tools: StandbyTools,
  ) {}

  /** True while the standby is being made. */
  get busy(): boolean {
    return this.rebuilding !== null
  }

  /** Looks once; begins to rebuild in the background when the standby needs it and the leader answers. */
  async tick(): Promise<void> {
    const paused = Date.now() < this.builtAt + this.pauseMs
    if (this.rebuilding || paused || this.tools.abort.aborted) return
    const reason = await this.reasonToRebuild().catch(() => null)
    if (reason !== null) this.rebuildNow(reason)
  }

  /** Begins to make the standby anew; false while that is under way. */
  rebuildNow(reason: string): boolean {
    if (this.rebuilding) return false
    this.rebuilding = this.rebuild(reason)
      .then(
        () => {
          this.failure = null
        },
        (error) => {
          if (this.tools.abort.aborted) return
          this.failure = String(error.message)
          this.tools.log(`${this.server.name} could not be made: ${error.message}; trying again later`)
        },
      )
      .finally(() => {
        this.rebuilding = null
        // Whatever spoils one standby after the other must not keep the machine copying.
        if (this.builtAt > 0) this.pauseMs = Math.min(longestPauseMs, this.pauseMs * 2)
        this.builtAt = Date.now()
      })
    return true
  }

  /** Resolves when no rebuild is under way; the abort signal ends one early. */
  async settled(): Promise<void> {
    await this.rebuilding
  }

  /** True when a server may be started on what is there. */
  get startable(): boolean {
    return isDataFolder(this.server.folder) && isStandby(this.server.folder)
  }

  private async reasonToRebuild(): Promise<string | null> {
    const { name, folder } = this.server
    const slot = await this.tools.control.run(async (sql) => {
      const [found] = await sql<{ lost: boolean; streaming: boolean }[]>`
        select coalesce(wal_status = 'lost', false) as lost,
               exists (select from pg_stat_replication
                       where application_name = ${name} and state = 'streaming') as streaming
        from pg_replication_slots where slot_name = ${name}`
      return found ?? null
    })
    if (!existsSync(folder)) return 'it has no data folder'
    if (!isDataFolder(folder)) return 'its data folder is incomplete'
    if (!isStandby(folder)) return 'its data folder is not a standby'
    if (slot?.lost) return 'the leader no longer has the WAL that it needs'
    if (this.server.failures >= failuresAllowed) return 'it does not start'
    if (!slot) {
      // Perhaps the WAL is still there, or in the archive: then a new slot is enough.
      await this.tools.control.run((sql) => sql`select pg_create_physical_replication_slot(${name}, true)`)
      this.tools.log(`${name}: its replication slot was gone; made a new one`)
    }
    if (slot?.streaming) {
      this.progress = { position: '', at: Date.now() }
      if (Date.now() > this.builtAt + longestPauseMs) this.pauseMs = firstPauseMs
      return null
    }
    return (await this.isStalled()) ? 'it neither streams nor replays anything' : null
  }

  /** True when the standby answers, does not stream, and has replayed nothing new for a minute. */
  private async isStalled(): Promise<boolean> {
    const position = await this.tools.standbyProbe
      .run((sql) => sql<{ lsn: string }[]>`select pg_last_wal_replay_lsn()::text as lsn`)
      .then(
        ([row]) => row?.lsn ?? '',
        // It may be replaying towards a consistent state, which takes its time: that is no stall.
        () => `${Date.now()}`,
      )
    if (position !== this.progress.position) this.progress = { position, at: Date.now() }
    return Date.now() - this.progress.at > stalledMs
  }

  /** Whether it has begun a timeline that the leader has not. */
  private isAhead(): boolean {
    const { folder } = this.server
    if (!isDataFolder(folder) || isStandby(folder)) return false
    return newestTimeline(folder) > newestTimeline(this.tools.leader.folder)
  }

  private async rebuild(reason: string): Promise<void> {
    const { server, tools } = this
    const begun = Date.now()
    tools.log(`making ${server.name} from ${tools.leader.name}, because ${reason}`)
    await tools.switchOff()
    await server.stop('immediate')
    server.state = 'creating replica'
    const fresh = `${server.folder}.new`
    // What was promoted past us may have records that nobody else has: it is kept until somebody has looked at it.
    const wasPromoted = this.isAhead()
    const stamp = new Date().toISOString().replace(/[:.]/g, '-')
    const old = `${server.folder}.${wasPromoted ? `promoted-${stamp}` : 'old'}`
    const sql = connect(tools.leaderAddress)
    try {
      await rm(fresh, { recursive: true, force: true })
      await rm(old, { recursive: true, force: true })
      await makeSlot(sql, server.name)
      await cloneLeader(sql, tools.leader.folder, fresh, tools.runAs, tools.abort)
      await tools.writeSettings(server.name, fresh)
      // What was there is kept until its replacement is complete.
      if (existsSync(server.folder)) await rename(server.folder, old)
      await rename(fresh, server.folder)
      await syncFolder(server.folder)
      tools.abort.throwIfAborted()
      server.start()
      this.progress = { position: '', at: Date.now() }
      tools.log(`${server.name} was made in ${((Date.now() - begun) / 1000).toFixed(1)} s`)
      if (wasPromoted) tools.log(`what ${server.name} had when it was promoted is kept in ${old}`)
      else await rm(old, { recursive: true, force: true })
    } finally {
      await sql.end({ timeout: 0 })
      await rm(fresh, { recursive: true, force: true })
    }
  }
}

/** A new slot that keeps all WAL from now on, in place of any old one. */
async function makeSlot(sql: Sql, name: MemberName): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await sql`select pg_terminate_backend(active_pid, 5000) from pg_replication_slots
                where slot_name = ${name} and active_pid is not null`
      await sql`select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = ${name}`
      await sql`select pg_create_physical_replication_slot(${name}, true)`
      return
    } catch (error) {
      if (attempt >= 5) throw error
    }
  }
}
