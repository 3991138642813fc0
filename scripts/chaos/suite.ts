import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { Operation } from '@/lib/recovery/operations/contract'
import { type Chaos, startChaos } from '@/scripts/chaos/chaos'
import { type Fault, faults } from '@/scripts/chaos/faults'
import { makePlan, orderPlan, pause, untilEnded, untilWhole } from '@/scripts/chaos/orders'
import { eventually } from '@/scripts/cluster/testing'
import type { Rig } from '@/scripts/ha/rig'
import { longestPauseMs } from '@/scripts/ha/sampler'
import { measured } from '@/scripts/test/measured'

const FAULT_MS = 20 * 60_000

/** What one attempt came to; no operation where every click was to be refused. */
interface Run {
  operation: Operation | null
  /** How long nobody took a write: in a switchover the longest time, in a failover since the click. */
  pauseMs: number
  slowestMs: number
  refused: string[]
}

/**
 * The leader is moved by HTTP with each fault on the way, while 8 clients record. Every click but one is refused with its
 * reason, every record that was acknowledged is there, once, and no second member ever took a write.
 *
 * @param mostMs how long nobody may write, where that has a bound
 */
export function describeChaos(
  engine: Rig['engine'],
  makeRig: () => Promise<Rig>,
  mostMs?: Record<Fault['mode'], number>,
): void {
  let chaos: Chaos

  beforeAll(async () => {
    chaos = await startChaos(makeRig)
  })
  afterAll(() => chaos?.stop())
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') console.log(`What the product printed is in ${chaos.keepLog()}.`)
  })

  const own = faults.filter((fault) => fault.engine === undefined || fault.engine === engine)
  it.each(own)('$mode, $name', { timeout: FAULT_MS }, async (fault) => {
    const runs: Run[] = []
    while (runs.length < fault.runs) {
      const run = await tryFault(chaos, fault)
      runs.push(run)
      if (!fault.refused && !fault.mayFail)
        expect(run.operation, JSON.stringify(run)).toMatchObject({ state: 'succeeded', lostBytes: 0 })
      if (run.operation?.state === 'succeeded' && mostMs)
        expect(run.pauseMs, JSON.stringify(run)).toBeLessThanOrEqual(mostMs[fault.mode])
    }
    measured(`${engine}: ${fault.mode}, ${fault.name}`, describeRuns(fault, runs))
  })

  it('never did two members take a write, and every acknowledged record is there, once', {
    timeout: FAULT_MS,
  }, async () => {
    await untilWhole(chaos.operators[0])
    const { acknowledged, refused } = await chaos.clients.stop()
    await chaos.sampler.stop()
    const { samples, splits } = chaos.sampler
    measured(
      `${engine}: records acknowledged · requests refused`,
      `${acknowledged.length} · ${refused.length}${refused.length > 0 ? ` (${[...new Set(refused)].join(', ')})` : ''}; ${samples} samples, ${splits} with two leaders`,
    )
    expect(splits).toBe(0)
    // What waits in the spool is given time.
    await eventually('every acknowledged record is stored', async () => {
      const stored = await chaos.stored()
      expect([...stored.values()].filter((count) => count > 1)).toEqual([])
      return acknowledged.every((id) => stored.has(id))
    })
  })
}

async function tryFault(chaos: Chaos, fault: Fault): Promise<Run> {
  const { operators, clients, sampler } = chaos
  const leader = await untilWhole(operators[0])
  await fault.before?.(chaos, leader)
  const acting = operators.slice(0, fault.twoOperators ? 2 : 1)
  const plans = await Promise.all(acting.map(async (one) => [one, await makePlan(one, fault)] as const))
  const stale = fault.stale ? await orderStale(chaos, fault) : []
  clients.soFar.longestMs = 0
  const clicked = Date.now()
  const clicks = plans.flatMap(([operator, plan]) =>
    Array.from({ length: fault.clicks ?? 1 }, () => orderPlan(operator, fault, plan)),
  )
  const answers = [...stale, ...(await Promise.all(clicks))]
  await fault.during?.(chaos, leader)
  const accepted = answers.filter(({ status }) => status === 202)
  const refused = answers.filter(({ status }) => status !== 202).map(({ body }) => String(body.detail))
  expect(accepted.length, refused.join('; ')).toBe(fault.refused ? 0 : 1)
  for (const reason of refused) expect(reason).toMatch(/\w+ \w+ \w+/)
  const [order] = accepted
  const operation = order ? await untilEnded(operators[0], String(order.body.operationId)) : null
  await fault.after?.(chaos, leader)
  await untilWhole(operators[0])
  const firstWrite = sampler.writes.find((at) => at > clicked) ?? Number.NaN
  return {
    operation,
    pauseMs: fault.mode === 'failover' ? firstWrite - clicked : longestPauseMs(sampler, clicked),
    slowestMs: clients.soFar.longestMs,
    refused,
  }
}

/** A plan that the cluster has changed since: while the engine is paused it is another. */
async function orderStale({ operators: [operator] }: Chaos, fault: Fault) {
  const plan = await makePlan(operator, fault)
  await pause(operator, true)
  const answer = await orderPlan(operator, fault, plan)
  await pause(operator, false)
  return [answer]
}

function describeRuns({ refused }: Fault, runs: Run[]): string {
  const clicks = runs.flatMap((run) => run.refused).length
  if (refused) return `refused: ${runs[0]?.refused[0]}`
  const done = runs.filter(({ operation }) => operation?.state === 'succeeded')
  const rto = done.map(({ operation }) => operation?.rtoSeconds ?? Number.NaN).sort((a, b) => a - b)
  const lost = runs.reduce((sum, { operation }) => sum + (operation?.lostBytes ?? 0), 0)
  const seconds = (ms: number[]) => (Math.max(...ms) / 1_000).toFixed(2)
  return [
    `${done.length} of ${runs.length}`,
    ...(done.length > 0
      ? [
          `RTO ${rto[Math.floor(rto.length / 2)]?.toFixed(2)} s, at most ${rto.at(-1)?.toFixed(2)} s`,
          `nobody could write for at most ${seconds(done.map(({ pauseMs }) => pauseMs))} s`,
        ]
      : []),
    `slowest answer ${seconds(runs.map(({ slowestMs }) => slowestMs))} s`,
    `${clicks} clicks refused`,
    `${lost} bytes lost`,
  ].join('; ')
}
