import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertProject } from '@/db/queries/access/projects'
import { analyticsTables } from '@/db/schema'
import type { Project, ProjectCaller } from '@/lib/access/caller'
import { trackBatch } from '@/lib/analytics/events/contract'
import { recordEvents } from '@/lib/analytics/events/service'
import { identifyUser } from '@/lib/analytics/users/contract'
import { identify, moveLeftBehind } from '@/lib/analytics/users/identify'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'
import { seed, sets } from '@/scripts/test/random-sets'

/** What identify makes of anonymous records equals what is stored when they are sent with the userId. */

let test: TestDatabase
const caller = (project: Project, receivedAt = Date.now()): ProjectCaller => ({
  project,
  account: null,
  receivedAt,
  userAgent: null,
})
const makeProject = async () => (await insertProject(test.connection.db, { name: randomUUID() })) as Project

beforeAll(async () => {
  test = await makeDatabase()
})
afterAll(() => test.connection.close())

const join = (project: Project, anonymousId: string, userId: string) =>
  identify(identifyUser.input.parse({ anonymousId, userId }), caller(project))

const send = (project: Project, records: object[], receivedAt?: number) =>
  recordEvents(trackBatch.input.parse({ records }), caller(project, receivedAt))

/** All rows of a project, but for what differs from one request to the next. */
async function rowsOf(project: Project): Promise<string[]> {
  const tables = analyticsTables.map(
    (table) => sql`
      select ${table}::text || (to_jsonb(t) - 'project_id' - 'transaction_id' - 'received_at')::text as row
      from ${sql.identifier(table)} t where project_id = ${project.id}`,
  )
  const rows = await test.connection.db.execute<{ row: string }>(
    sql`${sql.join(tables, sql` union all `)} order by 1`,
  )
  return rows.map(({ row }) => row)
}

const TIMES = ['2026-03-27T10:00:00.000Z', '2026-03-28T10:00:00.000Z', '2026-03-28T11:00:00.000Z']
const bodies = [
  { kind: 'event', name: 'n' },
  { kind: 'feature', feature: 'f', action: 'used' },
  { kind: 'stage', funnel: 'F', stage: 's', stageOrder: 1 },
  { kind: 'stage', funnel: 'F', completed: true, runId: 'a run' },
  { kind: 'step', journey: 'J', step: 't' },
  { kind: 'step', journey: 'J', completed: true },
  { kind: 'response', survey: 'nps', score: 9 },
]

/** Joined, some time; the third never is. */
const owners: Record<string, string> = { 'anon-0': 'anna', 'anon-1': 'anna' }
const NUMBERS = 21

/** Some records are sent, or an anonymousId is joined. */
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.array(
      fc.record({
        // Of which record: what it says is always the same, so that a repeat is one.
        number: fc.nat({ max: NUMBERS - 1 }),
        isKnown: fc.boolean(),
        occurredAt: fc.constantFrom(...TIMES),
      }),
      { minLength: 1, maxLength: 10 },
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom('anon-0', 'anon-1') },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never
/** Data sets at a time, with users of their own. */
const SETS = 4

function expressAs(
  set: number,
  ids: string[],
  { number, isKnown, occurredAt }: Exclude<Step, string>[number],
) {
  const anonymousId = `anon-${number % 3}`
  const owner = `${owners[anonymousId] ?? anonymousId} ${set}`
  const body = bodies[number % bodies.length]
  const record = { id: ids[number], ...body, anonymousId: `${anonymousId} ${set}`, occurredAt }
  const owned = { ...record, userId: owner }
  return { owned, sent: isKnown ? owned : record }
}

describe('identify', () => {
  it('stores what a userId from the start would have, on 200 random data sets', async () => {
    const several = fc.array(fc.array(step, { maxLength: 6 }), { minLength: SETS, maxLength: SETS })
    await fc.assert(
      fc.asyncProperty(several, async (several) => {
        const ids = several.map(() => Array.from({ length: NUMBERS }, () => randomUUID() as string))
        const [joined, reference] = [await makeProject(), await makeProject()]
        let moved = 0
        let accepted = 0
        // In the end both are joined; some records came before, some after.
        const all = several.map((steps) => [...steps, ...Object.keys(owners)])
        for (let at = 0; all.some((steps) => at < steps.length); at += 1) {
          const records = all.flatMap((steps, set) => {
            const one = steps[at]
            if (one === undefined || typeof one === 'string') return []
            return one.map((record) => expressAs(set, ids[set] as string[], record))
          })
          if (records.length > 0) {
            accepted += (
              await send(
                joined,
                records.map(({ sent }) => sent),
              )
            ).accepted
            await send(
              reference,
              records.map(({ owned }) => owned),
            )
          }
          const joins = all.map(async (steps, set) => {
            const one = steps[at]
            if (typeof one === 'string')
              moved += (await join(joined, `${one} ${set}`, `${owners[one]} ${set}`)).moved
          })
          await Promise.all(joins)
        }
        const rows = await rowsOf(joined)
        expect(rows).toEqual(await rowsOf(reference))
        expect(moved).toBeLessThanOrEqual(accepted)
        expect(accepted).toBeGreaterThanOrEqual(rows.length)
      }),
      { numRuns: Math.ceil(sets(200) / SETS), seed },
    )
  })

  it('keeps the transaction of each record, and tells how many were moved', async () => {
    const project = await makeProject()
    const at = { anonymousId: 'x', occurredAt: TIMES[0] }
    await send(
      project,
      [...bodies, { kind: 'event', name: 'known', userId: 'u' }].map((body) => ({ ...at, ...body })),
    )
    const transactions = () =>
      test.connection.db.execute(
        sql`select id, transaction_id from user_events where project_id = ${project.id} order by id`,
      )
    const before = await transactions()
    expect(await join(project, 'x', 'u')).toEqual({ userId: 'u', moved: bodies.length })
    expect(await transactions()).toEqual(before)
    expect(await join(project, 'x', 'u')).toEqual({ userId: 'u', moved: 0 })
  })

  it('counts a repeat once, though its time is ours and it was stored before', async () => {
    const project = await makeProject()
    const now = Date.now()
    const [first, second] = [randomUUID(), randomUUID()]
    const event = { kind: 'event', name: 'n', anonymousId: 'x' }
    await send(project, [{ ...event, id: first }], now - 5_000)
    await send(project, [{ ...event, id: second }], now - 5_000)
    // The user's own copy has another time, since both are ours.
    await send(project, [{ ...event, id: second, userId: 'u' }], now - 4_000)
    expect((await join(project, 'x', 'u')).moved).toBe(1)
    const again = await send(
      project,
      [
        { ...event, id: first },
        { ...event, id: second },
        { ...event, id: first, userId: 'u' },
        { ...event, id: second, userId: 'u' },
        { ...event, id: randomUUID() },
      ],
      now,
    )
    expect(again).toMatchObject({ accepted: 1, duplicates: 4 })
    expect(await rowsOf(project)).toHaveLength(3)
  })

  it('tells of rows that became one which of them was new', async () => {
    const project = await makeProject()
    await join(project, 'x', 'u')
    const event = { kind: 'event', name: 'n', occurredAt: TIMES[0], anonymousId: 'x', id: randomUUID() }
    const receipt = await send(project, [event, { ...event, userId: 'u' }, { ...event, id: randomUUID() }])
    expect(receipt).toMatchObject({ accepted: 2, duplicates: 1 })
  })

  it('leaves an anonymousId with whom it was joined to first', async () => {
    const project = await makeProject()
    await join(project, 'x', 'u')
    await send(project, [{ kind: 'event', name: 'n', anonymousId: 'y' }])
    const before = await rowsOf(project)
    await expect(join(project, 'x', 'v')).rejects.toMatchObject({ status: 409 })
    await expect(join(project, 'y', 'y')).rejects.toMatchObject({ status: 422 })
    await expect(join(project, 'y', 'x')).rejects.toMatchObject({ status: 422 })
    await expect(join(project, 'u', 'z')).rejects.toMatchObject({ status: 422 })
    expect(await rowsOf(project)).toEqual(before)
    const both = await Promise.allSettled([join(project, 'y', 'a'), join(project, 'y', 'b')])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('joins by a write key no id that is known as a user', async () => {
    const project = await makeProject()
    const byWriteKey = (anonymousId: string, userId: string) =>
      identify(identifyUser.input.parse({ anonymousId, userId }), { ...caller(project), key: 'write' })
    for (const [index, body] of bodies.entries()) await send(project, [{ ...body, userId: `user ${index}` }])
    await send(project, [{ kind: 'event', name: 'n', userId: 'with both', anonymousId: 'of both' }])
    for (const taken of [...bodies.map((_, index) => `user ${index}`), 'with both'])
      await expect(byWriteKey(taken, 'thief')).rejects.toMatchObject({ status: 422 })
    // Who was nearly taken is joined as ever, and so is who has come under an anonymousId alone, or not at all.
    await send(project, [{ kind: 'event', name: 'n', anonymousId: 'x' }])
    expect(await byWriteKey('x', 'user 0')).toEqual({ userId: 'user 0', moved: 1 })
    expect(await byWriteKey('y', 'user 0')).toEqual({ userId: 'user 0', moved: 0 })
    expect(await byWriteKey('of both', 'with both')).toEqual({ userId: 'with both', moved: 0 })
    expect(await join(project, 'user 1', 'user 0')).toEqual({ userId: 'user 0', moved: 0 })
    // What is joined stays so, whatever came under it since.
    await send(project, [{ kind: 'event', name: 'n', userId: 'x' }])
    expect(await byWriteKey('x', 'user 0')).toEqual({ userId: 'user 0', moved: 0 })
  })

  it('leaves other projects alone', async () => {
    const [project, other] = [await makeProject(), await makeProject()]
    const records = [{ kind: 'event', name: 'n', anonymousId: 'x', occurredAt: TIMES[0] }]
    await send(other, records)
    await join(project, 'x', 'u')
    await send(other, [{ ...records[0], name: 'm' }])
    expect((await rowsOf(other)).filter((row) => row.includes('"user_id": "x"'))).toHaveLength(2)
  })

  it('moves a record whose statement began before the join and ended after it', async () => {
    const project = await makeProject()
    await send(project, [{ kind: 'event', name: 'n', anonymousId: 'x', occurredAt: TIMES[0] }])
    let joining: ReturnType<typeof join> | undefined
    await test.connection.db.transaction(async (tx) => {
      await tx.execute(sql`
        insert into user_events (id, project_id, user_id, anonymous_id, type, name, occurred_at, received_at)
        values (gen_random_uuid(), ${project.id}, 'x', 'x', 'custom', 'late', ${TIMES[1]}, now())`)
      joining = join(project, 'x', 'u')
      await new Promise((resolve) => setTimeout(resolve, 200))
    })
    expect((await joining)?.moved).toBe(2)
    expect((await rowsOf(project)).every((row) => row.includes('"user_id": "u"'))).toBe(true)
  })

  it('leaves nothing behind while records stream in', async () => {
    const project = await makeProject()
    let sending = true
    const stream = async () => {
      while (sending) await send(project, [{ kind: 'event', name: 'n', anonymousId: 'x' }])
    }
    const streams = [stream(), stream(), stream()]
    await new Promise((resolve) => setTimeout(resolve, 100))
    await join(project, 'x', 'u')
    await new Promise((resolve) => setTimeout(resolve, 100))
    sending = false
    await Promise.all(streams)
    expect((await rowsOf(project)).every((row) => row.includes('"user_id": "u"'))).toBe(true)
  })

  it('moves later what was left behind', async () => {
    const project = await makeProject()
    await join(project, 'x', 'u')
    await test.connection.db.execute(sql`
      insert into user_events (id, project_id, user_id, anonymous_id, type, name, occurred_at, received_at)
      values (gen_random_uuid(), ${project.id}, 'x', 'x', 'custom', 'late', ${TIMES[1]}, now())`)
    await moveLeftBehind()
    const rows = await rowsOf(project)
    expect(rows).toHaveLength(1)
    expect(rows[0]).toContain('"user_id": "u"')
  })
})
