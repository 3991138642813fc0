// What an operator may order over the REST API, one thing at a time, with Patroni's words and status codes.
import { setTimeout as sleep } from 'node:timers/promises'
import { adopt, findUnfitFolder, finishAdoption } from './adopt'
import { type Home, isStandby, MEMBERS, type MemberName, otherMember } from './home'
import { type Actor, failOver, finishPromotion, hasData, Refusal, type RoleTools, switchOver } from './roles'

const startMs = 30_000
/** Whoever scheduled a switchover expects it then, and not when the engine is started again. */
const overdueMs = 60_000

/** The answer to an order. */
export interface Answer {
  status: number
  body: string | object
}

export interface OrderTools extends RoleTools {
  home: Home
  members: Record<MemberName, Actor>
  /** Whether the standby is being made just now. */
  isRebuilding(): boolean
  /** Looks after the members in their new roles. */
  rolesChanged(): void
  /** Begins to make the standby anew; false while that is under way. */
  rebuild(): Promise<boolean>
}

const busy: Answer = { status: 503, body: 'Another operation is under way' }

export class Orders {
  /** An order is being carried out, or waits for the supervision to stand aside. */
  private ordered = false
  private looking: Promise<void> = Promise.resolve()

  constructor(private readonly tools: OrderTools) {}

  /** Runs the supervision's work unless an order is being carried out; one that comes meanwhile waits for its end. */
  async stepAside(work: () => Promise<void>): Promise<void> {
    if (this.ordered) return
    const looking = work()
    this.looking = looking.catch(() => {})
    await looking
  }

  /** `{leader, candidate?, scheduled_at?}` */
  async switchover(body: Record<string, unknown>): Promise<Answer> {
    const { leader, standby } = this.roles()
    const { state } = this.tools
    if (typeof body.leader !== 'string')
      return { status: 400, body: 'Switchover could be performed only from a specific leader' }
    if (body.leader !== leader.server.name) return { status: 412, body: 'leader name does not match' }
    const unfit = await this.findUnfit(body.candidate)
    if (unfit) return { status: 412, body: unfit }
    if (body.scheduled_at !== undefined) {
      const at = new Date(String(body.scheduled_at))
      const isZoned = /(Z|[+-]\d\d:?\d\d)$/.test(String(body.scheduled_at))
      if (!isZoned || Number.isNaN(at.getTime()))
        return { status: 422, body: 'Unable to parse scheduled timestamp: it needs a time zone' }
      if (at.getTime() <= Date.now()) return { status: 422, body: 'Cannot schedule switchover in the past' }
      await state.update({
        scheduled: { at: at.toISOString(), from: leader.server.name, to: standby.server.name },
      })
      return { status: 202, body: 'Switchover scheduled' }
    }
    return this.change(
      'Switchover',
      () => switchOver(leader, standby, this.tools),
      `Successfully switched over to "${standby.server.name}"`,
    )
  }

  async cancelSwitchover(): Promise<Answer> {
    const { state } = this.tools
    if (!state.current.scheduled) return { status: 404, body: 'no switchover is scheduled' }
    await state.update({ scheduled: null })
    return { status: 200, body: 'scheduled switchover deleted' }
  }

  /** `{leader?, candidate}` */
  async failover(body: Record<string, unknown>): Promise<Answer> {
    const { leader, standby } = this.roles()
    if (typeof body.candidate !== 'string')
      return { status: 400, body: 'Failover could be performed only to a specific candidate' }
    if (body.leader !== undefined && body.leader !== leader.server.name)
      return { status: 412, body: 'leader name does not match' }
    if (body.candidate !== standby.server.name || !hasData(standby))
      return { status: 412, body: 'candidate does not exist' }
    return this.change(
      'Failover',
      () => failOver(leader, standby, this.tools),
      `Successfully failed over to "${standby.server.name}"`,
      // The supervision may be asking one that stands still: that question is given up.
      () => leader.control.close(),
    )
  }

  /** `{leader, folder}`: ours alone, Patroni has no word for it. */
  async restore(body: Record<string, unknown>): Promise<Answer> {
    const { leader, standby } = this.roles()
    const { state, home } = this.tools
    if (body.leader !== leader.server.name) return { status: 412, body: 'leader name does not match' }
    const unfit = findUnfitFolder(body.folder, state.current.systemIdentifier)
    if (unfit) return { status: 412, body: unfit }
    const answer = await this.change(
      'Restore',
      () => adopt(leader, standby, body.folder as string, this.tools, home),
      `"${leader.server.name}" leads with restored data`,
    )
    if (answer.status !== 200) return answer
    await state.update({ fenced: null })
    await this.tools.rebuild()
    return answer
  }

  async reinitialize(name: MemberName): Promise<Answer> {
    const { state } = this.tools
    if (state.current.leader === name) return { status: 503, body: 'I am the leader, can not reinitialize' }
    if (this.ordered) return busy
    if (!(await this.tools.rebuild())) return { status: 503, body: 'reinitialize already in progress' }
    if (state.current.fenced === name) await state.update({ fenced: null })
    return { status: 200, body: 'reinitialize started' }
  }

  async restart(name: MemberName): Promise<Answer> {
    const { server } = this.tools.members[name]
    if (this.tools.state.current.fenced === name)
      return { status: 503, body: 'it is fenced: reinitialize it' }
    if (this.tools.state.current.leader !== name && !isStandby(server.folder))
      return { status: 503, body: 'it does not lead and is no standby: reinitialize it' }
    const restart = async () => {
      await server.stop('fast')
      server.start()
      for (const deadline = Date.now() + startMs; server.state !== 'running'; await sleep(50))
        if (Date.now() > deadline) throw new Error(`${name} does not come up`)
    }
    return this.change('Restart', restart, 'restarted successfully')
  }

  /** `{pause: true}`, or false or null to go on. */
  async configure(body: Record<string, unknown>): Promise<Answer> {
    const { pause, ...others } = body
    if (Object.keys(others).length > 0 || !(pause === null || typeof pause === 'boolean'))
      return { status: 400, body: 'only pause can be set: true, false or null' }
    await this.tools.state.update({ paused: pause === true })
    return { status: 200, body: { pause: pause === true } }
  }

  /** What a crash left undone; before anything else. */
  async finishPromotion(): Promise<void> {
    await finishPromotion(this.roles().leader, this.tools)
  }

  /** The same of restored data. */
  async finishAdoption(): Promise<void> {
    await finishAdoption(this.roles().leader, this.tools, this.tools.home)
    await this.tools.rebuild()
  }

  /** Carries out what was scheduled, when its time has come. */
  async runScheduled(): Promise<void> {
    const { state, log } = this.tools
    const { scheduled } = state.current
    if (!scheduled || Date.parse(scheduled.at) > Date.now()) return
    await state.update({ scheduled: null })
    if (Date.now() - Date.parse(scheduled.at) > overdueMs) {
      log(`the switchover that was scheduled for ${scheduled.at} was not carried out in time: it is dropped`)
      return
    }
    const { status, body } = await this.switchover({ leader: scheduled.from, candidate: scheduled.to })
    log(`the scheduled switchover: ${status} ${body}`)
  }

  private roles(): { leader: Actor; standby: Actor } {
    const { members, state } = this.tools
    const { leader } = state.current
    return { leader: members[leader], standby: members[otherMember(leader)] }
  }

  /** Why the standby cannot take over from a leader that is alive; null if it can. */
  private async findUnfit(candidate: unknown): Promise<string | null> {
    const { leader, standby } = this.roles()
    const { name } = standby.server
    if (candidate !== undefined && !MEMBERS.some((member) => member === candidate))
      return 'candidate does not exist'
    if (candidate === leader.server.name) return 'candidate is the leader already'
    const facts = standby.server.state === 'running' ? await standby.facts.now() : null
    if (!facts?.streaming) return `${name} does not stream from ${leader.server.name}`
    if (facts.paused) return `replay of ${name} is paused`
    if (this.tools.state.current.synchronous !== name)
      return 'candidate name does not match with sync_standby'
    return null
  }

  private async change(
    what: string,
    work: () => Promise<void>,
    done: string,
    first = () => {},
  ): Promise<Answer> {
    if (this.ordered) return busy
    this.ordered = true
    first()
    const { log, isRebuilding, rolesChanged } = this.tools
    try {
      await this.looking
      if (isRebuilding()) return { status: 503, body: `${what} failed: the standby is being made` }
      await work()
      log(done)
      rolesChanged()
      return { status: 200, body: done }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      log(`${what} failed: ${reason}`)
      rolesChanged()
      return {
        status: 503,
        body: `${what} ${error instanceof Refusal ? 'failed' : 'status unknown'}: ${reason}`,
      }
    } finally {
      this.ordered = false
    }
  }
}
