// The cluster as a whole: starts the members in their roles, looks after them, stops them in order.
import type { Server as HttpServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { APPLICATION, admitApplication } from './application'
import { explain } from './failures'
import { CLUSTER, isDataFolder, isStandby, MEMBERS, type MemberName, otherMember } from './home'
import { createDatabase, initialize } from './initialize'
import { type Member, makeMembers } from './members'
import { Orders } from './orders'
import type { ClusterView } from './patroni'
import { findCompression, makeArchive, type Prepared, prepare } from './prepare'
import { serveRest } from './rest'
import { writeSettings } from './settings'
import { StandbyCare } from './standby'
import { SynchronousMode } from './synchronous'
import { streamsInTime, untilRunning } from './until'

const tickMs = 500

/** What a caller needs to connect. */
export interface ClusterAddress {
  name: string
  members: { name: string; host: string; port: number; restPort: number }[]
  /** Who the application is to PostgreSQL. */
  user: string
  password: string
  database: string
  /** Who may do everything, in every database. */
  superuser: { user: string; password: string }
  /** `user:password` for the orders of the REST API. */
  restAuth: string
  /** The folder of the first repository of backups, to which the members archive. */
  repository: string
}

export class Supervisor {
  private prepared: Prepared | null = null
  private members: Record<MemberName, Member> | null = null
  private care: StandbyCare | null = null
  private synchronous: SynchronousMode | null = null
  private orders: Orders | null = null
  private compression = 'off'
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
    this.members = makeMembers(prepared, this.log)
    const { state, home } = prepared
    const view: ClusterView = {
      members: this.members,
      state: () => state.current,
      lastSeen: () => this.lastSeen,
    }
    const orders = this.makeOrders(prepared, this.members)
    this.orders = orders
    for (const name of MEMBERS) {
      this.apis.push(await serveRest({ view, orders, password: prepared.secrets.restPassword }, name))
    }

    const { leader, standby } = this.pair()
    const isNew = state.current.systemIdentifier === null
    // After a crash in the first start the folder may be there; it got its name when it was complete.
    if (isNew && !isDataFolder(leader.server.folder)) {
      this.log(`making a new cluster in ${home.root}`)
      const { binaries, runAs, secrets } = prepared
      await initialize(home, leader.server.name, binaries, runAs, secrets, this.halt.signal)
    }
    const { adopting } = state.current
    if (isDataFolder(leader.server.folder) || (adopting && isDataFolder(adopting))) {
      await this.startServers()
      await this.untilLeaderWrites(leader)
      this.loop = this.lookAfter()
      if (state.current.fenced !== standby.server.name)
        await this.untilStreaming(leader, standby.server.name, isNew)
    } else {
      // An operator decides: the standby may have everything, or not.
      this.log(
        `the data folder ${leader.server.folder} of the leader is missing or incomplete: restore it, or fail over to ${standby.server.name}`,
      )
      await this.startStandby()
      this.loop = this.lookAfter()
    }
    return {
      name: CLUSTER,
      members: MEMBERS.map((name) => ({ name, host: '127.0.0.1', ...prepared.ports[name] })),
      user: APPLICATION,
      password: prepared.secrets.applicationPassword,
      database: CLUSTER,
      superuser: { user: CLUSTER, password: prepared.secrets.password },
      restAuth: `${CLUSTER}:${prepared.secrets.restPassword}`,
      repository: home.repository,
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

  /** Who leads and who follows, as state.json has it now. */
  private pair(): { leader: Member; standby: Member } {
    const members = this.members as Record<MemberName, Member>
    const { leader } = (this.prepared as Prepared).state.current
    return { leader: members[leader], standby: members[otherMember(leader)] }
  }

  private makeOrders(prepared: Prepared, members: Record<MemberName, Member>): Orders {
    return new Orders({
      home: prepared.home,
      members,
      state: prepared.state,
      log: this.log,
      configure: (name) => this.configure(name, members[name].server.folder),
      isRebuilding: () => this.care?.busy ?? false,
      rolesChanged: () => this.followRoles(),
      admitApplication: (name) => this.admit(members[name]),
      rebuild: async () => this.care?.rebuildNow('it was asked for') ?? false,
    })
  }

  private async configure(name: MemberName, folder: string): Promise<void> {
    const { home, secrets, ports, state } = this.prepared as Prepared
    await writeSettings(home, folder, {
      name,
      port: ports[name].port,
      upstreamPort: ports[otherMember(name)].port,
      replicationPassword: secrets.replicationPassword,
      leads: name === state.current.leader,
      walCompression: this.compression,
    })
  }

  private async startServers(): Promise<void> {
    const prepared = this.prepared as Prepared
    const { leader } = this.pair()
    const { name, folder } = leader.server
    this.followRoles()
    if (prepared.state.current.adopting) {
      await this.orders?.finishAdoption()
      return
    }
    await this.configure(name, folder)
    this.compression = await findCompression(prepared, folder)
    if (this.compression !== 'off') await this.configure(name, folder)
    leader.server.start()
    if (prepared.state.current.promoting) await this.orders?.finishPromotion()
    await this.startStandby()
  }

  private async startStandby(): Promise<void> {
    this.followRoles()
    const { server } = this.pair().standby
    const { fenced } = (this.prepared as Prepared).state.current
    if (!this.care?.startable || fenced === server.name) return
    await this.configure(server.name, server.folder)
    server.start()
  }

  /** Care of the standby, and of when commits wait for it, for the roles as they are now. */
  private followRoles(): void {
    const { runAs, secrets, state } = this.prepared as Prepared
    const { leader, standby } = this.pair()
    const synchronous = new SynchronousMode(leader.control, leader.slow, state, this.log)
    this.synchronous = synchronous
    this.care = new StandbyCare(standby.server, {
      leader: leader.server,
      leaderAddress: { port: leader.ports.port, user: CLUSTER, password: secrets.password },
      control: leader.control,
      standbyProbe: standby.probe,
      runAs,
      abort: this.halt.signal,
      log: this.log,
      switchOff: () => synchronous.switchOff(),
      writeSettings: (name, folder) => this.configure(name, folder),
    })
  }

  private async untilLeaderWrites(leader: Member): Promise<void> {
    const { state, secrets, home } = this.prepared as Prepared
    await untilRunning(leader, home, this.halt.signal)
    const known = state.current.systemIdentifier
    if (known !== null && known !== 'unknown') return this.admit(leader)
    await createDatabase(leader.control, secrets)
    await admitApplication(leader.ports.port, secrets)
    const facts = await leader.facts.now()
    await state.update({ systemIdentifier: facts?.systemIdentifier ?? 'unknown' })
  }

  /** Data of before the application had a role get it; a leader that takes no writes has to have it. */
  private async admit({ ports, server }: Member): Promise<void> {
    await admitApplication(ports.port, (this.prepared as Prepared).secrets).catch((error) =>
      this.log(`${server.name} did not admit the application: ${error.message}`),
    )
  }

  /** The application needs the leader alone: except in a new cluster, the standby does not hold it up for long. */
  private async untilStreaming(leader: Member, standby: MemberName, isNew: boolean): Promise<void> {
    const { home } = this.prepared as Prepared
    const refuse = () => {
      const failure = this.care?.failure
      if (isNew && failure) throw new Error(explain('The standby could not be made', failure, home.root))
    }
    if (!(await streamsInTime(leader, standby, this.halt.signal, refuse)))
      this.log(`${standby} does not stream yet; the leader takes writes without it`)
  }

  private async lookAfter(): Promise<void> {
    let lastError = ''
    while (!this.halt.signal.aborted) {
      try {
        await this.orders?.stepAside(() => this.look())
        await this.orders?.runScheduled()
        this.lastSeen = Date.now()
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        if (message !== lastError) this.log(`supervision: ${message}`)
        lastError = message
      }
      await sleep(tickMs, undefined, { signal: this.halt.signal }).catch(() => {})
    }
  }

  /**
   * Even while paused: one that somebody promoted past us would take writes beside the leader. Where the leader takes none it
   * may be the only one that does.
   */
  private async stopUsurper({ control }: Member, server: Member['server']): Promise<void> {
    if (server.state !== 'running' || !isDataFolder(server.folder) || isStandby(server.folder)) return
    const leads = await control.run((sql) => sql`select 1 where not pg_is_in_recovery()`).catch(() => [])
    if (leads.length === 0) return
    this.log(`${server.name} was promoted without an order: stopping it`)
    await server.stop('immediate')
  }

  private async look(): Promise<void> {
    const { fenced, paused } = (this.prepared as Prepared).state.current
    // What an order could not finish: until then nobody leads.
    if ((this.prepared as Prepared).state.current.promoting) await this.orders?.finishPromotion()
    const { leader, standby } = this.pair()
    const { server } = standby
    const { name } = server
    await this.stopUsurper(leader, server)
    // A repository that is lost costs its backups; that archiving stands still ever after need not be.
    makeArchive((this.prepared as Prepared).home)
    // Even while paused: commits that wait for a standby that is gone would wait for ever.
    const answers = await this.synchronous?.tick(name)
    if (answers && !paused && fenced !== name) await this.care?.tick()
  }
}
