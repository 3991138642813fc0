import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertProject } from '@/db/queries/access/projects'
import type { Project, ProjectCaller } from '@/lib/access/caller'
import { trackBatch } from '@/lib/analytics/events/contract'
import { recordEvents } from '@/lib/analytics/events/service'
import { getFeatureRetention } from '@/lib/analytics/features/contract'
import { measureFeatureRetention } from '@/lib/analytics/features/service'
import { getRetention } from '@/lib/analytics/retention/contract'
import { findRetention } from '@/lib/analytics/retention/service'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'
import { onRandomSets } from '@/scripts/test/random-sets'
import { intervalName, intervalNames, QUARTER } from '@/scripts/test/wall-clock'

/** Cohorts against a slow and obvious reference, on random data. */

let test: TestDatabase
const caller = (project: Project, receivedAt = Date.now()): ProjectCaller => ({
  project,
  account: null,
  receivedAt,
  userAgent: null,
})

beforeAll(async () => {
  test = await makeDatabase()
})
afterAll(() => test.connection.close())

const START = Date.parse('2026-02-20T00:00:00Z')
// Over a change of clocks in Berlin; records lie before and after, too.
const from = '2026-03-10T05:00:00.000Z'
const to = '2026-04-12T22:00:00.000Z'

const maybe = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined })
const records = fc.array(
  fc.record({
    userId: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
    name: fc.constantFrom('x', 'y'),
    isUse: fc.boolean(),
    device: maybe('mobile', 'desktop'),
    occurredAt: fc
      .integer({ min: 0, max: 65 * 96 })
      .map((quarter) => new Date(START + quarter * 900_000).toISOString()),
  }),
  { maxLength: 60 },
)
interface Sent {
  userId: string
  name: string
  isUse: boolean
  device?: string
  occurredAt: string
}

const rateOf = (part: number, of: number) => (of === 0 ? null : part / of)

/** @param hit the records that are looked at, @param over when it is asked, at the latest the end of the range */
function describeCohorts(
  hit: Sent[],
  isReturn: (one: Sent) => boolean,
  nameOf: (at: string) => string,
  names: string[],
  over: number,
) {
  const firsts = new Map<string, string>()
  for (const { userId, occurredAt } of hit) {
    const first = firsts.get(userId)
    if (first === undefined || occurredAt < first) firsts.set(userId, occurredAt)
  }
  const complete = names.map((name) => name < nameOf(new Date(over).toISOString()))
  const cohorts = names.map((at, index) => {
    const users = [...firsts].filter(([, first]) => nameOf(first) === at).map(([userId]) => userId)
    const returned = names.slice(index).map((name, later) => {
      const back = users.filter((userId) =>
        hit.some((one) => one.userId === userId && nameOf(one.occurredAt) === name && isReturn(one)),
      ).length
      return { users: back, rate: rateOf(back, users.length), complete: complete[index + later] }
    })
    return { at, users: users.length, returned }
  })
  const average = names.map((_, later) => {
    let [users, back] = [0, 0]
    for (const cohort of cohorts) {
      const cell = cohort.returned[later]
      if (!cell?.complete) continue
      users += cohort.users
      back += cell.users
    }
    return { users, rate: rateOf(back, users) }
  })
  return { cohorts, average }
}

/** What is sent first is in the rollups, by days of the timezone; what is sent after is not. */
async function recordAll(sent: Sent[], timezone: string, rolledUp: () => Promise<void>): Promise<Project> {
  const project = (await insertProject(test.connection.db, { name: randomUUID(), timezone })) as Project
  const records = sent.map(({ isUse, name, ...rest }) => ({
    ...rest,
    id: randomUUID(),
    ...(isUse ? { kind: 'feature', feature: name, action: 'used' } : { kind: 'event', name }),
  }))
  for (const [index, part] of [
    [...records.slice(20), ...records.slice(25, 30)],
    records.slice(0, 25),
  ].entries()) {
    if (part.length > 0) await recordEvents(trackBatch.input.parse({ records: part }), caller(project))
    if (index === 0) await rolledUp()
  }
  return project
}

describe('retention', () => {
  it('equals a reference on 200 random data sets, of events and of a feature', async () => {
    await onRandomSets(
      200,
      test.connection.db,
      [
        records,
        fc.constantFrom('UTC', 'Europe/Berlin'),
        fc.constantFrom('day' as const, 'week' as const, 'month' as const),
        maybe('mobile'),
        maybe('x'),
        fc.constantFrom('2026-11-01T00:00:00Z', '2026-04-03T10:00:00Z'),
      ],
      async (rolledUp, sent: Sent[], timezone, interval, device, event, asked) => {
        const project = await recordAll(sent, timezone, rolledUp)
        const query = { from, to, timezone, interval, ...(device && { device }) }
        const asking = caller(project, Date.parse(asked))
        const [events, feature] = await Promise.all([
          findRetention(getRetention.input.parse({ ...query, ...(event && { event }) }), asking),
          measureFeatureRetention(getFeatureRetention.input.parse({ ...query, feature: 'x' }), asking),
        ])
        const untilAsked = Math.min(Date.parse(to), Date.parse(asked) + QUARTER)
        const known = new Map<string, string>()
        const nameOf = (at: string) => {
          const name = known.get(at) ?? intervalName(at, interval, timezone)
          known.set(at, name)
          return name
        }
        const expected = (isUse: boolean, isHit: (one: Sent) => boolean, isReturn: (one: Sent) => boolean) =>
          describeCohorts(
            sent.filter((one) => one.isUse === isUse && isHit(one) && (!device || one.device === device)),
            isReturn,
            nameOf,
            // Up to the one in which it is asked.
            intervalNames(from, new Date(untilAsked).toISOString(), interval, timezone),
            Math.min(Date.parse(asked), Date.parse(to)),
          )
        const found = ({ cohorts, average }: typeof events) => ({
          average,
          cohorts: cohorts.map((cohort) => ({ ...cohort, at: nameOf(cohort.at) })),
        })
        expect(found(events)).toEqual(
          expected(
            false,
            () => true,
            (one) => !event || one.name === event,
          ),
        )
        expect(found(feature)).toEqual(
          expected(
            true,
            (one) => one.name === 'x',
            () => true,
          ),
        )
      },
    )
  })

  it('begins each cohort at midnight, and refuses over 60', async () => {
    const ask = (from: string, to: string) =>
      findRetention(
        getRetention.input.parse({ from, to, timezone: 'Europe/Berlin', interval: 'day' }),
        caller(test.project),
      )
    const { cohorts } = await ask('2026-03-28T12:00:00Z', '2026-03-30T12:00:00Z')
    expect(cohorts.map(({ at }) => at)).toEqual([
      '2026-03-27T23:00:00.000Z',
      '2026-03-28T23:00:00.000Z',
      '2026-03-29T22:00:00.000Z',
    ])
    expect((await ask('2026-01-01', '2026-03-01')).cohorts).toHaveLength(60)
    await expect(ask('2026-01-01', '2026-03-02')).rejects.toMatchObject({
      status: 422,
      errors: [{ path: 'interval' }],
    })
  })
})
