import { setTimeout as sleep } from 'node:timers/promises'
import type postgres from 'postgres'
import { expect, it } from 'vitest'
import { atHost, connect } from '@/db/connect'
import type { AccountCaller } from '@/lib/access/caller'
import { eventually } from '@/scripts/cluster/testing'
import type { Lib } from './lib'
import type { Rig } from './rig'

type Plan = Awaited<ReturnType<Lib['service']['makePlan']>>

/** What the suite has made, once it has. */
export interface Given {
  rig: Rig
  lib: Lib
  database: string
  guard: { reason: string; confirm: string }
  caller(): AccountCaller
  plan(mode: 'switchover' | 'failover'): Promise<Plan>
  untilReady(mode: 'switchover' | 'failover'): Promise<Plan>
}

/** A leader whose agent dies while its PostgreSQL goes on: only where the two are apart. */
export function describeLostAgent(given: () => Given): void {
  it('takes writes beside the new leader until it is fenced, and can lead again when it follows', async () => {
    const { rig, lib, plan, untilReady, guard, caller } = given()
    const old = await rig.untilWhole()
    await rig.signalAgent?.(old, 'SIGKILL')
    const { value: split } = await eventually(
      'two take writes',
      async () => {
        const topology = await lib.topology.readTopology()
        return topology.writable.length === 2 && topology.leader?.address.name !== old ? topology : null
      },
      90_000,
    )
    const newLeader = split.leader?.address.name ?? ''
    const refused = await plan('switchover')
    expect(refused.checks.find(({ name }) => name === 'one writable member')?.status).toBe('fail')
    const fence = (member: string, change: object = {}) =>
      lib.members.fence({ member, ...guard, ...change }, caller())
    await expect(fence(newLeader)).rejects.toMatchObject({ status: 409 })
    await expect(fence('nobody')).rejects.toMatchObject({ status: 404 })
    await expect(fence(old, { confirm: 'holdfas' })).rejects.toMatchObject({ status: 422 })
    await fence(old)
    await expectFenced(old)
    const after = await lib.topology.readTopology()
    expect(after.writable.map(({ address }) => address.name)).toEqual([newLeader])
    await expect(fence(old)).rejects.toMatchObject({ status: 409 })
    await rig.revive(old)
    await rig.untilWhole()
    await eventually('the fence is lifted', async () => {
      const topology = await lib.topology.readTopology()
      await lib.fence.liftFences(topology)
      return topology.members.find(({ address }) => address.name === old)?.facts?.fenced === false
    })
    const back = await untilReady('switchover')
    expect(back.candidates.find(({ name }) => name === old)?.eligible).toBe(true)
    expect(lib.journal.readJournal().entries.map(({ kind }) => kind)).toContain(`fence ${old}`)
  })

  /** Neither who writes as always nor who insists is told that anything was stored. */
  async function expectFenced(name: string): Promise<void> {
    const { rig, database } = given()
    const { host, port } = rig.members.find((member) => member.name === name) ?? { host: '', port: 0 }
    const { sql, close } = connect(atHost(rig.address(database), `${host}:${port}`), { max: 1 })
    const insert = (tx: postgres.ISql) => tx`insert into written values (gen_random_uuid())`
    await expect(insert(sql)).rejects.toMatchObject({ code: '25006' })
    const insisted = sql.begin('read write', insert)
    insisted.catch(() => {})
    expect(await Promise.race([insisted, sleep(2_000, 'no answer')])).toBe('no answer')
    void close()
  }
}
