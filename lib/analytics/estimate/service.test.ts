import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertProject } from '@/db/queries/access/projects'
import { storeFunnel } from '@/db/queries/analytics/funnels/saved-funnels'
import type { Project, ProjectCaller } from '@/lib/access/caller'
import { getEstimate, readsOf } from '@/lib/analytics/estimate/contract'
import { estimate } from '@/lib/analytics/estimate/service'
import { trackBatch } from '@/lib/analytics/events/contract'
import { recordEvents } from '@/lib/analytics/events/service'
import { contracts } from '@/lib/contracts'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'
import { seed, sets } from '@/scripts/test/random-sets'
import { rollUp } from '@/scripts/test/roll-up'

let test: TestDatabase
beforeAll(async () => {
  test = await makeDatabase()
})
afterAll(() => test.connection.close())

const caller = (project: Project): ProjectCaller => ({
  project,
  account: null,
  receivedAt: Date.parse('2026-05-01T00:00:00Z'),
  userAgent: null,
})
const ask = (project: Project, input: Record<string, string>) =>
  estimate(getEstimate.input.parse(input), caller(project))
const makeProject = async (timezone = 'UTC') =>
  (await insertProject(test.connection.db, { name: crypto.randomUUID(), timezone })) as Project

const kinds = ['event', 'feature', 'stage', 'step', 'response'] as const
const fieldsOf = {
  event: { name: 'x', durationMs: 5 },
  feature: { feature: 'x', action: 'used' },
  stage: { funnel: 'tracked', stage: 'a', stageOrder: 1 },
  step: { journey: 'x', step: 'a' },
  response: { survey: 'nps', score: 9 },
}
const record = (kind: (typeof kinds)[number], occurredAt: string) => ({
  kind,
  userId: 'u',
  occurredAt,
  ...fieldsOf[kind],
})
async function recordAll(project: Project, records: object[]): Promise<void> {
  if (records.length === 0) return
  const receipt = await recordEvents(trackBatch.input.parse({ records }), caller(project))
  expect(receipt.rejected).toEqual([])
}

describe('an estimate', () => {
  it('counts the records of the range, whatever part of them the rollups hold', async () => {
    const start = Date.parse('2026-04-01T00:00:00Z')
    const at = fc.nat(20 * 96).map((quarter) => new Date(start + quarter * 900_000).toISOString())
    const sent = fc.array(fc.tuple(fc.constantFrom(...kinds), at), { maxLength: 60 })
    const timezone = fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata')
    await fc.assert(
      fc.asyncProperty(
        sent,
        timezone,
        fc.nat(60),
        at,
        at,
        fc.boolean(),
        async (all, zone, part, a, b, two) => {
          fc.pre(a !== b)
          const project = await makeProject(zone)
          const records = all.map(([kind, occurredAt]) => record(kind, occurredAt))
          await recordAll(project, records.slice(0, part))
          await rollUp(test.connection.db)
          await recordAll(project, records.slice(part))
          const [from, to] = [a, b].sort() as [string, string]
          const first = two ? 2 * Date.parse(from) - Date.parse(to) : Date.parse(from)
          const within = (time: string) => Date.parse(time) >= first && time < to
          for (const of of [...kinds, 'any']) {
            const { records } = await ask(project, { of, from, to, ...(two && { compare: 'previous' }) })
            const expected = all.filter(([kind, time]) => (of === 'any' || kind === of) && within(time))
            expect([of, records]).toEqual([of, expected.length])
          }
        },
      ),
      { numRuns: sets(30), seed },
    )
  })

  it('is of events for a saved funnel, of stages for a tracked one, and of no other project', async () => {
    const [project, other] = [await makeProject(), await makeProject()]
    const at = '2026-04-20T10:00:00.000Z'
    await recordAll(project, [
      record('event', at),
      record('stage', at),
      record('stage', at.replace('10', '11')),
    ])
    const count = async (input: Record<string, string>, of = project) =>
      (await ask(of, { of: 'funnel', from: '2026-04-20', to: '2026-04-20', ...input })).records
    expect(await count({})).toBe(2)
    expect(await count({ of: 'saved' })).toBe(0)
    await storeFunnel(
      test.connection.db,
      { projectId: project.id, name: 'saved', definition: {}, savedBy: null },
      200,
      () => {},
    )
    expect(await count({})).toBe(3)
    expect(await count({ funnel: 'saved' })).toBe(1)
    expect(await count({ funnel: 'tracked' })).toBe(2)
    expect(await count({ of: 'saved' })).toBe(1)
    expect(await count({ of: 'saved', funnel: 'tracked' })).toBe(0)
    expect(await count({}, other)).toBe(0)
  })
})

it('is known for every question about a range', () => {
  const inputs = [{}, { funnel: 'x' }, { feature: 'x' }].map((input) => ({ from: '-7d', ...input }))
  const questions = contracts
    .filter(({ method, input }) => method === 'GET' && inputs.some((one) => input.safeParse(one).success))
    .map(({ id }) => id)
  expect(questions).toContain('getFunnelAnalytics')
  // The newest 5,000 events are soon read, and names of funnels without a count.
  expect(questions.filter((id) => !readsOf(id, { 'property.plan': 'pro' }))).toEqual([
    'listPropertyKeys',
    'listFunnelNames',
  ])
})
