import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { atHost, connect, findLeader } from '@/db/connect'
import { movesLeader, type Operation } from '@/lib/recovery/operations/contract'
import { eventually } from '@/scripts/cluster/testing'
import { caller as callerOf } from '@/scripts/test/caller'
import { measured } from '@/scripts/test/measured'
import { makeApplication } from './application'
import { type Lib, loadLib } from './lib'
import { describeLostAgent } from './lost-agent'
import type { Rig } from './rig'
import { findLost, startWriters, type Written } from './writer'

const DATABASE = 'suite'
const OPERATION_MS = 120_000
const TEST_MS = 180_000

/**
 * What a switchover and a failover must do, whichever engine runs the cluster: the same tests for both.
 *
 * @param agentsApart whether a member's agent can die while its PostgreSQL goes on
 */
export function describeFailover(
  makeRig: () => Promise<Rig>,
  { agentsApart = false }: { agentsApart?: boolean } = {},
): void {
  let rig: Rig
  let address: string
  let dataDir: string
  let lib: Lib
  const actor = { name: 'operator@test', prove: async () => {} }
  const caller = () => callerOf('operator')
  const guard = { reason: 'a test', confirm: 'holdfast' }

  beforeAll(async () => {
    rig = await makeRig()
    dataDir = mkdtempSync(join(tmpdir(), 'holdfast-suite-'))
    address = await makeApplication(rig, DATABASE)
    const made = connect(await findLeader(address), { max: 1 })
    await made.sql`create table written (id uuid not null)`
    await made.close()
    process.env.DATABASE_URL = address
    process.env.HOLDFAST_MEMBERS = JSON.stringify(rig.members)
    process.env.HOLDFAST_ENGINE_AUTH = rig.auth
    process.env.HOLDFAST_DATA_DIR = dataDir
    process.env.NEXTAUTH_SECRET = 'a secret for tests only'
    lib = await loadLib()
  }, 180_000)

  afterAll(async () => {
    await rig?.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }, 60_000)

  const plan = (mode: 'switchover' | 'failover', candidate?: string) =>
    lib.service.makePlan({ mode, candidate }, actor)
  type Plan = Awaited<ReturnType<typeof plan>>
  const order = ({ planId, mode, candidate, cluster }: Plan, change: object = {}) => ({
    planId,
    mode,
    candidate: candidate ?? '',
    reason: 'a test',
    confirm: cluster,
    // The cool-down, of tests that follow one another.
    acceptLossBytes: 0,
    ...change,
  })
  const ended = async (id: string): Promise<Operation> => {
    for (const deadline = Date.now() + OPERATION_MS; Date.now() < deadline; await sleep(100)) {
      const operation = await lib.operations.readOperation({ id })
      if (!movesLeader(operation) || operation.state === 'running') continue
      if (operation.state === 'failed') console.log(JSON.stringify(operation, null, 1))
      return operation
    }
    throw new Error('the operation did not end')
  }
  const writing = async (work: () => Promise<void>): Promise<Written> => {
    const writers = await startWriters(address)
    await sleep(1_000)
    await work()
    await sleep(1_000)
    const written = await writers.stop()
    expect(await findLost(await findLeader(address), written.acknowledged)).toEqual([])
    expect(written.splits).toBe(0)
    expect(written.acknowledged.length).toBeGreaterThan(100)
    return written
  }
  const untilReady = async (mode: 'switchover' | 'failover'): Promise<Plan> => {
    await rig.untilWhole()
    for (const deadline = Date.now() + 30_000; ; await sleep(500)) {
      const made = await plan(mode)
      const failed = made.checks.filter(({ status, name }) => status === 'fail' && name !== 'cool-down')
      if (failed.length === 0) return made
      if (Date.now() > deadline) throw new Error(JSON.stringify(failed))
    }
  }

  describe('the plan', { timeout: TEST_MS }, () => {
    it('names the synchronous standby, passes every check, and changes nothing', async () => {
      const leader = await rig.untilWhole()
      const made = await untilReady('switchover')
      expect(made).toMatchObject({ leader, timeline: 1, cluster: 'holdfast' })
      expect(made.candidates.find(({ chosen }) => chosen)?.reason).toMatch(/^Commits wait for it/)
      await sleep(1_000)
      expect(await rig.untilWhole()).toBe(leader)
    })

    it('is refused with a wrong name, for another candidate, or when it was used', async () => {
      const made = await untilReady('switchover')
      const refusal = (change: object) =>
        lib.service.carryOut(order(made, change), actor).catch((error) => [error.status, error.detail])
      expect(await refusal({ confirm: 'holdfas' })).toMatchObject([
        422,
        expect.stringContaining('name of the cluster'),
      ])
      expect(await refusal({ candidate: 'nobody' })).toMatchObject([409, expect.stringContaining('promotes')])
      expect(await refusal({ mode: 'failover' })).toMatchObject([
        409,
        expect.stringContaining('is for a switchover'),
      ])
      expect(await refusal({ planId: '00000000-0000-4000-8000-000000000000' })).toMatchObject([
        409,
        expect.stringContaining('no such plan'),
      ])
      expect(await rig.untilWhole()).toBe(made.leader)
    })
  })

  it(
    'what fails only since the plan was made is not overridden by a loss that was named',
    async () => {
      const made = await untilReady('switchover')
      const { host, port } = rig.members.find(({ name }) => name === made.candidate) ?? { host: '', port: 0 }
      const { sql, close } = connect(atHost(rig.address(DATABASE), `${host}:${port}`), { max: 1 })
      await sql`select pg_wal_replay_pause()`
      try {
        await expect(lib.service.carryOut(order(made), actor)).rejects.toMatchObject({
          status: 409,
          detail: expect.stringMatching(/^replay: replay is paused/),
        })
      } finally {
        await sql`select pg_wal_replay_resume()`
        await close()
      }
      expect(await rig.untilWhole()).toBe(made.leader)
    },
    TEST_MS,
  )

  describe('a switchover', { timeout: TEST_MS }, () => {
    it('moves the leader under writes and loses nothing; of three clicks one counts', async () => {
      const made = await untilReady('switchover')
      let operation: Operation | undefined
      const written = await writing(async () => {
        const clicks = await Promise.allSettled([1, 2, 3].map(() => lib.service.carryOut(order(made), actor)))
        const begun = clicks.flatMap((click) => (click.status === 'fulfilled' ? [click.value] : []))
        const refused = clicks.flatMap((click) => (click.status === 'rejected' ? [click.reason.status] : []))
        expect([begun.length, refused]).toEqual([1, [409, 409]])
        operation = await ended(begun[0]?.operationId ?? '')
      })
      expect(operation).toMatchObject({
        state: 'succeeded',
        from: made.leader,
        to: made.candidate,
        lostBytes: 0,
      })
      expect(operation?.steps.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done', 'done'])
      expect(await rig.untilWhole()).toBe(made.candidate)
      measured(
        `switchover, ${rig.engine}`,
        `nobody could write for ${operation?.pauseSeconds} s, clients saw ${written.longestPauseMs / 1000} s, RTO ${operation?.rtoSeconds} s`,
      )
      await expect(lib.service.carryOut(order(made), actor)).rejects.toMatchObject({ status: 409 })
    })

    it('is carried out later, by the engine, if it is scheduled; or cancelled', async () => {
      const made = await untilReady('switchover')
      const soon = () => new Date(Date.now() + 8_000).toISOString()
      const scheduled = async () => (await lib.topology.readTopology()).cluster?.scheduled_switchover
      const late = lib.service.carryOut(order(made, { scheduledAt: '2020-01-01T00:00:00Z' }), actor)
      await expect(late).rejects.toMatchObject({ status: 422 })
      const first = soon()
      expect(await lib.service.carryOut(order(made, { scheduledAt: first }), actor)).toEqual({
        scheduledAt: first,
      })
      await eventually('it is scheduled', async () => (await scheduled()) !== undefined)
      const other = await plan('switchover')
      expect(other.checks.find(({ name }) => name === 'nothing is scheduled')?.status).toBe('fail')
      await lib.service.cancelScheduledSwitchover(guard, caller())
      await eventually('it is cancelled', async () => (await scheduled()) === undefined)
      const again = await untilReady('switchover')
      const at = soon()
      await lib.service.carryOut(order(again, { scheduledAt: at }), actor)
      await eventually('the engine has moved the leader', async () => {
        const { leader, writable } = await lib.topology.readTopology()
        return leader?.address.name === again.candidate && writable.includes(leader)
      })
      expect(Date.now()).toBeGreaterThan(Date.parse(at))
      expect(await rig.untilWhole()).toBe(again.candidate)
    })

    it('that a dying process wrote down and never ordered is ordered by its successor', async () => {
      const made = await untilReady('switchover')
      const [from, to] = [made.leader, made.candidate ?? '']
      await lib.store.keepOperation({
        id: randomUUID(),
        kind: 'switchover',
        state: 'running',
        cluster: made.cluster,
        ...{ from, to, reason: 'a test', actor: actor.name, approvedBy: null },
        ...{ startedAt: new Date().toISOString(), endedAt: null, steps: lib.run.newSteps(), message: '' },
        ...{ rtoSeconds: null, pauseSeconds: null, lostBytes: null, lostRange: null },
        overridden: ['cool-down'],
        ...{ ordered: true, timeline: made.timeline ?? 0, leaderAt: null, synchronous: true },
      })
      await lib.resume.resumeOperations()
      expect(lib.store.loadOperations()[0]).toMatchObject({ state: 'succeeded', from, to, lostBytes: 0 })
      expect(await rig.untilWhole()).toBe(to)
    })

    it('goes back again, and the journal tells all of it in an unbroken chain', async () => {
      const made = await untilReady('switchover')
      const { operationId } = await lib.service.carryOut(order(made), actor)
      expect(await ended(operationId)).toMatchObject({ state: 'succeeded', lostBytes: 0 })
      const { entries, brokenAt } = lib.journal.readJournal()
      expect(brokenAt).toBeNull()
      const kinds = entries.filter((entry) => entry.operationId === operationId).map(({ kind }) => kind)
      expect(kinds).toEqual(['started', 'step', 'step', 'step', 'step', 'step', 'succeeded'])
    })
  })

  describe('a failover', { timeout: TEST_MS }, () => {
    it('is refused while the leader is alive, unless the loss is named', async () => {
      await rig.untilWhole()
      const made = await plan('failover')
      expect(made.verdict).not.toBe('ready')
      expect(made.checks.find(({ name }) => name === 'leader is lost')?.status).toBe('fail')
      const { acceptLossBytes, ...without } = order(made)
      await expect(lib.service.carryOut(without, actor)).rejects.toMatchObject({ status: 409 })
    })

    it('takes over from a leader whose machine is gone; what was acknowledged is there', async () => {
      const { leader } = await untilReady('switchover')
      let operation: Operation | undefined
      const written = await writing(async () => {
        await rig.killNode(leader ?? '')
        await sleep(500)
        const made = await plan('failover')
        expect(made).toMatchObject({ leader, lossBytes: 0 })
        const { operationId } = await lib.service.carryOut(order(made), actor)
        operation = await ended(operationId)
      })
      expect(operation).toMatchObject({ state: 'succeeded', from: leader, lostBytes: 0 })
      measured(
        `failover, ${rig.engine}`,
        `RTO ${operation?.rtoSeconds} s, clients saw ${written.longestPauseMs / 1000} s`,
      )
      await rig.revive(leader ?? '')
      await rig.untilWhole()
    })

    it('takes over from a leader that stands still, which stays out when it goes on', async () => {
      const { leader } = await untilReady('switchover')
      let operation: Operation | undefined
      await writing(async () => {
        await rig.freezeNode(leader ?? '')
        await sleep(500)
        const made = await plan('failover')
        const { operationId } = await lib.service.carryOut(order(made), actor)
        operation = await ended(operationId)
        await rig.thawNode(leader ?? '')
        await sleep(3_000)
      })
      expect(operation).toMatchObject({ state: 'succeeded', from: leader, lostBytes: 0 })
      await rig.revive(leader ?? '')
      await rig.untilWhole()
    })
  })

  describe.runIf(agentsApart)('a leader whose agent dies alone', { timeout: TEST_MS }, () =>
    describeLostAgent(() => ({ rig, lib, database: DATABASE, guard, caller, plan, untilReady })),
  )
}
