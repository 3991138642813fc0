import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { insertProject } from '@/db/queries/access/projects'
import { LONGEST_RUN } from '@/db/queries/analytics/rollups/runs/records'
import type { Project, ProjectCaller } from '@/lib/access/caller'
import { trackBatch } from '@/lib/analytics/events/contract'
import { recordEvents } from '@/lib/analytics/events/service'
import { getFunnelAnalytics, listFunnels, saveFunnel } from '@/lib/analytics/funnels/contract'
import { countEvents } from '@/lib/analytics/funnels/event-funnels'
import { analyzeFunnel, findFunnels, keepFunnel } from '@/lib/analytics/funnels/service'
import { getJourneyAnalytics } from '@/lib/analytics/journeys/contract'
import { analyzeJourneys } from '@/lib/analytics/journeys/service'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'
import { rollUp } from '@/scripts/test/roll-up'

/** That funnels and journeys are answered by the rollups, and when they are not; those from events are by moments. */

let test: TestDatabase
beforeAll(async () => {
  test = await makeDatabase()
})
afterAll(() => test.connection.close())

const range = { from: '2026-03-01', to: '2026-03-10', interval: 'day' }

async function recordRuns(steps: number): Promise<ProjectCaller> {
  const project = (await insertProject(test.connection.db, { name: randomUUID() })) as Project
  const caller = { project, account: null, receivedAt: Date.now(), userAgent: null }
  const records = Array.from({ length: steps }, (_, index) => {
    const occurredAt = new Date(Date.parse('2026-03-05T10:00:00Z') + index * 1_000).toISOString()
    const run = { userId: 'u', runId: 'r', device: 'mobile', occurredAt }
    return [
      { kind: 'stage', ...run, funnel: 'shop', stage: `s${index + 1}`, stageOrder: index + 1 },
      { kind: 'step', ...run, journey: 'tour', step: `s${index + 1}` },
    ]
  })
  await recordEvents(trackBatch.input.parse({ records: records.flat() }), caller)
  return caller
}

const ask = async (caller: ProjectCaller) => {
  const funnel = await analyzeFunnel(
    getFunnelAnalytics.input.parse({ ...range, funnel: 'shop', breakdown: 'device' }),
    caller,
  )
  const { funnels } = await findFunnels(listFunnels.input.parse({ from: range.from, to: range.to }), caller)
  const journeys = await analyzeJourneys(
    getJourneyAnalytics.input.parse({ ...range, breakdown: 'device', limit: 100 }),
    caller,
  )
  return { funnel, funnels, journeys }
}

const forgetRecords = () => test.connection.db.execute(sql`truncate conversion_funnels, user_journeys`)

it('runs are answered by the rollups, without a look at their records', async () => {
  const caller = await recordRuns(5)
  const read = await ask(caller)
  await rollUp(test.connection.db)
  await forgetRecords()
  expect(await ask(caller)).toEqual(read)
  expect(read.funnel.stages.map(({ entered }) => entered)).toEqual([1, 1, 1, 1, 1])
  expect(read.journeys.steps).toHaveLength(5)
})

it('runs with more stages or visits than facts tell apart are read by their records', async () => {
  const caller = await recordRuns(LONGEST_RUN + 1)
  const read = await ask(caller)
  await rollUp(test.connection.db)
  expect(await ask(caller)).toEqual(read)
  expect(read.funnel.stages.at(-1)).toMatchObject({ entered: 1, timeToStageMs: { p50: LONGEST_RUN * 1_000 } })
  expect(read.journeys.steps).toHaveLength(LONGEST_RUN + 1)
})

async function recordShopping(): Promise<ProjectCaller> {
  const project = (await insertProject(test.connection.db, { name: randomUUID() })) as Project
  const caller = { project, account: null, receivedAt: Date.now(), userAgent: null }
  const minute = Date.parse('2026-03-05T10:00:00Z') / 60_000
  const records = ['view', 'cart', 'view', 'help', 'cart', 'pay'].map((name, index) => ({
    ...{ kind: 'event', userId: 'u', name, type: 'click', device: index < 2 ? 'desktop' : 'mobile' },
    occurredAt: new Date((minute + index) * 60_000).toISOString(),
  }))
  await recordEvents(trackBatch.input.parse({ records }), caller)
  const steps = ['view', 'help', 'pay'].map((name) => ({ name, optional: name === 'help' }))
  const definition = { steps, exclusions: [{ name: 'cart', filters: { type: 'custom' } }] }
  await keepFunnel(saveFunnel.input.parse({ name: 'bought', definition }), caller)
  return caller
}

const analyzeBought = (caller: ProjectCaller, asked: Record<string, string> = {}) =>
  analyzeFunnel(getFunnelAnalytics.input.parse({ ...range, funnel: 'bought', ...asked }), caller)
const listFunnelsOf = async (caller: ProjectCaller) =>
  (await findFunnels(listFunnels.input.parse({ from: range.from, to: range.to }), caller)).funnels

it('funnels from events are answered by the rollups, without a look at their records', async () => {
  const caller = await recordShopping()
  const list = () => listFunnelsOf(caller)
  const analyze = (asked: Record<string, string>) => analyzeBought(caller, asked)
  const ask = async () => [await list(), await analyze({}), await analyze({ device: 'mobile' })]
  const read = await ask()
  await rollUp(test.connection.db)
  expect(await ask()).toEqual(read)
  await test.connection.db.execute(sql`delete from user_events where project_id = ${caller.project.id}`)
  expect(await ask()).toEqual(read)
  expect(await list()).toMatchObject([{ entered: 1, completed: 1 }])
  expect((await analyze({})).stages.map(({ timeToStageMs }) => timeToStageMs.p50)).toEqual([
    0, 180_000, 300_000,
  ])
  expect((await analyze({ device: 'mobile' })).stages[1]?.timeToStageMs.p50).toBe(60_000)
  expect(await analyze({ breakdown: 'device' })).toMatchObject({ entered: 0 })
})

it('funnels from events are read by their records where the rollups lack moments that they count', async () => {
  const caller = await recordShopping()
  const read = await analyzeBought(caller)
  expect(read).toMatchObject({ entered: 1, completed: 1 })
  await rollUp(test.connection.db)
  // As by a worker of an older version, which counts records and knows nothing of moments.
  await test.connection.db.execute(sql`delete from rollup_moments where project_id = ${caller.project.id}`)
  expect(await analyzeBought(caller)).toEqual(read)
  expect(await listFunnelsOf(caller)).toMatchObject([{ entered: 1, completed: 1 }])
})

it('of more funnels than there is time for, what is left has no numbers, and none is an error', async () => {
  const caller = await recordShopping()
  await rollUp(test.connection.db)
  const step = (name: string, properties: Record<string, string> = {}) => ({
    match: { equal: { name }, properties, context: {} },
    optional: false,
  })
  const asked = [step('view'), step('view', { plan: 'pro' })].map((first) => ({
    ...{ steps: [first, step('pay')], exclusions: [], windowMs: 3_600_000 },
  }))
  const filter = {
    ...{ projectId: caller.project.id, equal: {}, properties: {}, context: {} },
    ...{ from: new Date(range.from), to: new Date(range.to) },
  }
  const source = { db: test.connection.db, readFrom: 'leader' as const }
  // Records are not begun on; moments are until the first pause.
  expect((await countEvents(source, asked, filter, 0))[1]).toBeUndefined()
  expect(await countEvents(source, asked, filter)).toMatchObject([{ entered: 1 }, { entered: 0 }])
})
