// The cluster as a whole: starts the members in their roles, looks after them, stops them in order.
import type { Server as HttpServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { FactSource } from './facts'
import { explain, lastLog } from './failures'
import { CLUSTER, dataFolder, isDataFolder, MEMBERS, type MemberName, otherMember } from './home'
import { createDatabase, initialize } from './initialize'
import type { ClusterView, MemberView } from './patroni'
import { findCompression, type Prepared, prepare } from './prepare'
import { serveRest } from './rest'
import { Server } from './server'
import { type Address, Session } from './session'
import { writeSettings } from './settings'
import { StandbyCare } from './standby'
import { SynchronousMode } from './synchronous'

const tickMs = 500
const startsAllowed = 5
const standbyWaitMs = 60_000

/** What a caller needs to connect. */
export interface ClusterAddress {
  name: string
  members: { name: string; host: string; port: number; restPort: number }[]
  user: string
  password: string
  database: string
}

interface Member extends MemberView {
  /** For questions behind the REST API, and for our own steps: apart, so that neither waits for the other. */
  control: Session
  slow: Session
  probe: Session
}

export class Supervisor {
  private prepared: Prepared | null = null
  private members: Record<MemberName, Member> | null = null
  private care: StandbyCare | null = null
  private synchronous: SynchronousMode | null = null
  private apis: HttpServer[] = []
  private loop: Promise<void> = Promise.resolve()
  private lastSeen = Date.now()
  private started: Promise<unknown> = Promise.resolve()
  private stopped: Promise<void> | null = null
  private readonly halt = new AbortController()

  constructor(private readonly log: (line: string) => void) {}

  /** Starts everything; see startCluster. Throws one clear line; the caller then calls `stop`. */
  start(dataDir: string): Promise<ClusterAddress> {
    const address = this.startAll(dataDir)
    this.started = address.catch(() => {})
    return address
  }

  /** Ends all servers: the leader, then the standby (which by then has everything); gives the folder free. */
  stop(): Promise<void> {
    this.stopped ??= this.stopAll()
    return this.stopped
  }

  private async startAll(dataDir: string): Promise<ClusterAddress> {
    const prepared = await prepare(dataDir, this.log)
    this.prepared = prepared
    this.members = this.makeMembers(prepared)
    const { state, home } = prepared
    const view: ClusterView = {
      members: this.members,
      state: () => state.current,
      lastSeen: () => this.lastSeen,
    }
    for (const name of MEMBERS) this.apis.push(await serveRest(view, name))

    const leader = this.members[state.current.leader]
    const standby = this.members[otherMember(state.current.leader)]
    const isNew = state.current.systemIdentifier === null
    // After a crash in the first start the folder may be there; it got its name when it was complete.
    if (isNew && !isDataFolder(leader.server.folder)) {
      this.log(`making a new cluster in ${home.root}`)
      const { binaries, runAs, secrets } = prepared
      await initialize(home, leader.server.name, binaries, runAs, secrets, this.halt.signal)
    }
    this.care = await this.startServers(leader, standby)
    await this.untilLeaderWrites(leader)
    this.loop = this.lookAfter(standby.server.name)
    await this.untilStreaming(leader, standby.server.name, isNew)
    return {
      name: CLUSTER,
      members: MEMBERS.map((name) => ({ name, host: '127.0.0.1', ...prepared.ports[name] })),
      user: CLUSTER,
      password: prepared.secrets.password,
      database: CLUSTER,
    }
  }

  private async stopAll(): Promise<void> {
    this.halt.abort(new Error('The cluster is being stopped.'))
    this.prepared?.lock.announceStop()
    // A start under way ends at its next step; only then is it certain that no server comes after us.
    await this.started
    await this.loop
    await this.care?.settled()
    if (this.members && this.prepared) {
      const leader = this.prepared.state.current.leader
      for (const name of [leader, otherMember(leader)]) {
        const { server, control, slow, probe } = this.members[name]
        for (const session of [control, slow, probe]) session.close()
        await server.stop()
      }
    }
    for (const api of this.apis) {
      api.close()
      api.closeAllConnections()
    }
    this.prepared?.lock.release()
  }

  private makeMembers(prepared: Prepared): Record<MemberName, Member> {
    const make = (name: MemberName): Member => {
      const ports = prepared.ports[name]
      const address: Address = { port: ports.port, user: CLUSTER, password: prepared.secrets.password }
      const probe = new Session(address)
      const { home, binaries, runAs } = prepared
      return {
        server: new Server(home, name, binaries.postgres, runAs, probe, this.log),
        facts: new FactSource(probe),
        ports,
        control: new Session(address),
        slow: new Session(address),
        probe,
      }
    }
    return { a: make('a'), b: make('b') }
  }

  private async startServers(leader: Member, standby: Member): Promise<StandbyCare> {
    const prepared = this.prepared as Prepared
    const { home, runAs, secrets, ports } = prepared
    const configure = async (name: MemberName, folder: string, walCompression: string) => {
      await writeSettings(home, folder, runAs, {
        name,
        port: ports[name].port,
        upstreamPort: ports[otherMember(name)].port,
        replicationPassword: secrets.replicationPassword,
        leads: name === prepared.state.current.leader,
        walCompression,
      })
    }
    const leaderFolder = dataFolder(home, leader.server.name)
    await configure(leader.server.name, leaderFolder, 'off')
    const compression = await findCompression(prepared, leaderFolder)
    if (compression !== 'off') await configure(leader.server.name, leaderFolder, compression)
    leader.server.start()
    const synchronous = new SynchronousMode(leader.control, leader.slow, prepared.state, this.log)
    this.synchronous = synchronous
    const care = new StandbyCare(standby.server, {
      leader: leader.server,
      leaderAddress: { port: leader.ports.port, user: CLUSTER, password: secrets.password },
      control: leader.control,
      standbyProbe: standby.probe,
      runAs,
      abort: this.halt.signal,
      log: this.log,
      switchOff: () => synchronous.switchOff(),
      writeSettings: (name, folder) => configure(name, folder, compression),
    })
    if (care.startable) {
      await configure(standby.server.name, standby.server.folder, compression)
      standby.server.start()
    }
    return care
  }

  /** Crash recovery may take long, so only a server that does not stay up ends the waiting. */
  private async untilLeaderWrites(leader: Member): Promise<void> {
    const { state, secrets, home } = this.prepared as Prepared
    while (leader.server.state !== 'running') {
      this.halt.signal.throwIfAborted()
      if (leader.server.failures >= startsAllowed) {
        const output = `${leader.server.output}\n${lastLog(home, leader.server.name)}`
        throw new Error(explain('PostgreSQL does not start', output, home.root))
      }
      await sleep(25)
    }
    if (state.current.systemIdentifier !== null && state.current.systemIdentifier !== 'unknown') return
    await createDatabase(leader.control, secrets)
    const facts = await leader.facts.now()
    await state.update({ systemIdentifier: facts?.systemIdentifier ?? 'unknown' })
  }

  /**
   * The application needs the leader alone: except in a new cluster, the standby does not hold it up for
   * long.
   */
  private async untilStreaming(leader: Member, standby: MemberName, isNew: boolean): Promise<void> {
    const { home } = this.prepared as Prepared
    const deadline = Date.now() + standbyWaitMs
    while (Date.now() < deadline) {
      this.halt.signal.throwIfAborted()
      const facts = await leader.facts.now()
      const row = facts?.replication.find((one) => one.application_name === standby)
      if (row?.state === 'streaming') return
      const failure = this.care?.failure
      if (isNew && failure) throw new Error(explain('The standby could not be made', failure, home.root))
      await sleep(50)
    }
    this.log(`${standby} does not stream yet; the leader takes writes without it`)
  }

  private async lookAfter(standby: MemberName): Promise<void> {
    let lastError = ''
    while (!this.halt.signal.aborted) {
      try {
        await this.synchronous?.tick(standby)
        await this.care?.tick()
        this.lastSeen = Date.now()
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        if (message !== lastError) this.log(`supervision: ${message}`)
        lastError = message
      }
      await sleep(tickMs, undefined, { signal: this.halt.signal }).catch(() => {})
    }
  }
}
