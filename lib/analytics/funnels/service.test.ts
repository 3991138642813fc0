import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProjectCaller } from '@/lib/access/caller'
import { trackBatch } from '@/lib/analytics/events/contract'
import { recordEvents } from '@/lib/analytics/events/service'
import {
  deleteFunnel,
  getFunnelAnalytics,
  listFunnelNames,
  listFunnels,
  saveFunnel,
} from '@/lib/analytics/funnels/contract'
import {
  analyzeFunnel,
  findFunnelNames,
  findFunnels,
  forgetFunnel,
  keepFunnel,
} from '@/lib/analytics/funnels/service'
import { account } from '@/scripts/test/caller'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'

/** What is refused, and the edges of the definitions. */

let test: TestDatabase
const caller = (): ProjectCaller => ({
  project: test.project,
  account: null,
  receivedAt: Date.now(),
  userAgent: null,
})
const from = '2026-03-01'
const steps = [{ name: 'a' }, { name: 'b' }]

const record = (records: object[]) =>
  recordEvents(
    trackBatch.input.parse({ records: records.map((one) => ({ kind: 'stage', id: randomUUID(), ...one })) }),
    caller(),
  )
const analyze = (query: Record<string, string>) =>
  analyzeFunnel(getFunnelAnalytics.input.parse({ funnel: 'x', from, ...query }), caller())
const save = (name: string, definition: object) =>
  keepFunnel(saveFunnel.input.parse({ name, definition }), caller())
const names = async (since = from) =>
  (await findFunnelNames(listFunnelNames.input.parse({ from: since }), caller())).funnels

beforeAll(async () => {
  test = await makeDatabase()
})
afterAll(() => test.connection.close())

describe('funnels', () => {
  it('are unknown until something is tracked or saved', async () => {
    await expect(analyze({ funnel: 'nothing' })).rejects.toMatchObject({ status: 404 })
    const forgetting = forgetFunnel(deleteFunnel.input.parse({ funnel: 'nothing' }), caller())
    await expect(forgetting).rejects.toMatchObject({ status: 404 })
  })

  it.each([
    ['{"steps"', 'definition'],
    ['[]', 'definition'],
    [JSON.stringify({ steps: [{ name: 'a' }] }), 'definition.steps'],
    [
      JSON.stringify({ steps: [...steps, { name: 'c', filters: { userId: 'u' } }] }),
      'definition.steps.2.filters.userId',
    ],
    [
      JSON.stringify({ steps, exclusions: [{ name: 'c', filters: { 'property.\0': '' } }] }),
      'definition.exclusions.0.filters.property.\0',
    ],
  ])('refuse the definition %s', async (definition, path) => {
    await expect(analyze({ definition })).rejects.toMatchObject({ status: 422, errors: [{ path }] })
  })

  it('are changed by their maker or an operator of the project, and by nobody else', async () => {
    const as = (who: Partial<ProjectCaller>) => ({ ...caller(), ...who })
    const viewer = (id: string) => {
      const membership = { projectId: test.project.id, role: 'viewer' as const }
      return as({ account: account('viewer', { id, memberships: [membership] }) })
    }
    const [ann, bob] = [viewer('ann'), viewer('bob')]
    const operator = as({
      account: account('viewer', { memberships: [{ projectId: test.project.id, role: 'operator' }] }),
    })
    const [key, otherKey] = [as({ key: 'secret', keyId: 'one' }), as({ key: 'secret', keyId: 'two' })]
    const keep = (name: string, who: ProjectCaller) =>
      keepFunnel(saveFunnel.input.parse({ name, definition: { steps } }), who)
    const forget = (funnel: string, who: ProjectCaller) =>
      forgetFunnel(deleteFunnel.input.parse({ funnel }), who)
    const refused = { status: 403 }
    await keep('of ann', ann)
    await keep('of ann', ann)
    for (const other of [bob, key]) {
      await expect(keep('of ann', other)).rejects.toMatchObject(refused)
      await expect(forget('of ann', other)).rejects.toMatchObject(refused)
    }
    await keep('of a key', key)
    await keep('of a key', key)
    for (const other of [bob, otherKey])
      await expect(forget('of a key', other)).rejects.toMatchObject(refused)
    await keep('of a key', operator)
    await forget('of a key', key)
    await forget('of ann', operator)
  })

  it('are saved, replaced, read by name and deleted', async () => {
    await save('ours', { steps })
    const saved = await save('ours', { steps, window: '1h' })
    const { funnels } = await findFunnels(listFunnels.input.parse({ from }), caller())
    expect(funnels).toMatchObject([
      { name: 'ours', source: 'events', entered: 0, conversionRate: null, definition: saved.definition },
    ])
    expect(await names()).toEqual([{ name: 'ours', source: 'events' }])
    const answer = await analyze({ funnel: 'ours' })
    expect(answer).toMatchObject({ source: 'events', definition: { window: '1h' } })
    expect(answer.stages.map((stage) => stage.conversionFromStart)).toEqual([null, null])
    await forgetFunnel(deleteFunnel.input.parse({ funnel: 'ours' }), caller())
    await expect(analyze({ funnel: 'ours' })).rejects.toMatchObject({ status: 404 })
    await expect(
      save('ours', { steps: [{ name: 'a', filters: { x: '' } }, { name: 'b' }] }),
    ).rejects.toMatchObject({ status: 422, errors: [{ path: 'definition.steps.0.filters.x' }] })
  })

  it('are 200 saved ones at the most, and none by the name of a tracked one', async () => {
    await record([{ userId: 'u', funnel: 'tracked', completed: true, occurredAt: '2026-03-02T00:00:00Z' }])
    await expect(save('tracked', { steps })).rejects.toMatchObject({ status: 409 })
    await save('funnel 1', { steps })
    expect(await names()).toEqual([
      { name: 'funnel 1', source: 'events' },
      { name: 'tracked', source: 'stages' },
    ])
    expect(await names('2026-03-05')).toEqual([{ name: 'funnel 1', source: 'events' }])
    await test.connection.sql`
      insert into saved_funnels (project_id, name, definition)
      select project_id, 'funnel ' || number, definition from saved_funnels, generate_series(2, 200) number`
    await expect(save('one more', { steps })).rejects.toMatchObject({ status: 422 })
    await expect(save('funnel 7', { steps, window: '2h' })).resolves.toMatchObject({ name: 'funnel 7' })
    await test.connection.sql`delete from saved_funnels`
  })

  it('take the greater order of a stage whose newest records are of one time', async () => {
    const at = '2026-03-03T00:00:00Z'
    await record([
      { userId: 'u', funnel: 'tie', stage: 's', stageOrder: 4, occurredAt: at },
      { userId: 'u', funnel: 'tie', stage: 's', stageOrder: 9, occurredAt: at },
      { userId: 'u', funnel: 'tie', stage: 's', stageOrder: 6, occurredAt: at },
    ])
    const answer = await analyze({ funnel: 'tie' })
    expect(answer.stages).toMatchObject([
      { order: 9, entered: 1, timeToStageMs: { p50: 0, p90: 0 }, timeInStageMs: { p50: null, p90: null } },
    ])
  })

  it('count a run that was completed without a start as entered, in and after the range that it begins in', async () => {
    await record([
      { userId: 'v', funnel: 'late', completed: true, occurredAt: '2026-03-04T00:00:00Z' },
      { userId: 'w', funnel: 'late', stage: 's', stageOrder: 1, occurredAt: '2026-03-04T00:00:00Z' },
      { userId: 'w', funnel: 'late', completed: true, occurredAt: '2026-03-20T00:00:00Z' },
    ])
    const first = await analyze({ funnel: 'late', from: '2026-03-04', to: '2026-03-05' })
    expect(first).toMatchObject({
      entered: 2,
      completed: 2,
      stages: [{ entered: 1, conversionFromPrevious: 0.5 }],
    })
    const limited = await analyze({ funnel: 'late', from: '2026-03-04', to: '2026-03-05', window: '7d' })
    expect(limited).toMatchObject({ entered: 2, completed: 1 })
    const later = await analyze({ funnel: 'late', from: '2026-03-20', to: '2026-03-21' })
    expect(later).toMatchObject({ entered: 0, completed: 0, conversionRate: null, stages: [] })
  })
})
