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

/** Joined, some time: the third never is. */
const owners: Record<string, string> = { 'anon-1': 'anna', 'anon-2': 'anna', 'anon-3': 'bert' }
const step = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.array(
      fc.record({
        // Of which record: what it says is always the same, so that a repeat is one.
        number: fc.nat({ max: 27 }),
        isKnown: fc.boolean(),
        occurredAt: fc.constantFrom(...TIMES),
      }),
      { minLength: 1, maxLength: 10 },
    ),
  },
  { weight: 3, arbitrary: fc.constantFrom('anon-1', 'anon-2', 'anon-3') },
)

describe('identify', () => {
  it('stores what a userId from the start would have, on 200 random data sets', {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 10 }), async (steps) => {
        const ids = Array.from({ length: 28 }, () => randomUUID())
        const [joined, reference] = [await makeProject(), await makeProject()]
        let moved = 0
        let alone = 0
        // In the end all three are joined; some records came before, some after.
        for (const one of [...steps, ...Object.keys(owners)]) {
          if (typeof one === 'string') {
            moved += (await join(joined, one, owners[one] as string)).moved
            continue
          }
          const records = one.map(({ number, isKnown, occurredAt }) => {
            const body = bodies[number % bodies.length]
            const anonymousId = `anon-${1 + (number % 4)}`
            const owner = owners[anonymousId] ?? anonymousId
            const record = { id: ids[number], ...body, anonymousId, occurredAt }
            return {
              owned: { ...record, userId: owner },
              sent: isKnown ? { ...record, userId: owner } : record,
            }
          })
          const receipt = await send(
            joined,
            records.map(({ sent }) => sent),
          )
          alone += receipt.accepted
          await send(
            reference,
            records.map(({ owned }) => owned),
          )
        }
        const rows = await rowsOf(joined)
        expect(rows).toEqual(await rowsOf(reference))
        expect(moved).toBeLessThanOrEqual(alone)
        expect(alone).toBeGreaterThanOrEqual(rows.length)
      }),
      { numRuns: 200 },
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
