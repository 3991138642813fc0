import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertProject } from '@/db/queries/access/projects'
import type { Project, ProjectCaller } from '@/lib/access/caller'
import { forgetAccess } from '@/lib/access/project-cache'
import { trackBatch } from '@/lib/analytics/events/contract'
import { recordEvents } from '@/lib/analytics/events/service'
import { deleteUser, exportUser, identifyUser } from '@/lib/analytics/users/contract'
import { eraseUser, exportUserData } from '@/lib/analytics/users/erasure'
import { identify } from '@/lib/analytics/users/identify'
import { caller as callerOf } from '@/scripts/test/caller'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'
import { rollUp } from '@/scripts/test/roll-up'

let test: TestDatabase
let project: Project
const caller = (of: Project): ProjectCaller => ({
  project: of,
  account: null,
  receivedAt: Date.now(),
  userAgent: null,
})

beforeAll(async () => {
  test = await makeDatabase()
  project = (await insertProject(test.connection.db, { name: 'Users' })) as Project
  forgetAccess()
})
afterAll(() => test.connection.close())

/** Records of all kinds; those without a time leave a row in `record_times`, too. */
const all = (who: object) =>
  [
    { kind: 'event', name: 'n', pageUrl: 'https://x.org/p' },
    { kind: 'feature', feature: 'f', action: 'used' },
    { kind: 'stage', funnel: 'F', stage: 's', stageOrder: 1 },
    { kind: 'step', journey: 'J', step: 't' },
    { kind: 'response', survey: 'nps', score: 9, context: { area: 'cart' } },
  ].map((body) => ({ ...body, ...who, id: randomUUID() }))

const send = (of: Project, records: object[]) => recordEvents(trackBatch.input.parse({ records }), caller(of))

/** The tables of the schema with a row that has this text in any column. */
async function tablesWith(text: string): Promise<string[]> {
  const tables = await test.connection.db.execute<{ name: string }>(sql`
    select quote_ident(table_name) as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`)
  const found: string[] = []
  for (const { name } of tables) {
    const [row] = await test.connection.db.execute<{ count: number }>(
      sql`select count(*)::int as count from ${sql.raw(name)} t where position(${text} in t::text) > 0`,
    )
    if (row && row.count > 0) found.push(name)
  }
  return found
}

const parse = (userId: string) => ({ project: 'Users', userId })

describe('a deletion', () => {
  it('leaves no row of the user in any table of the schema, and nothing of others is missing', async () => {
    const other = (await insertProject(test.connection.db, { name: 'Other' })) as Project
    await send(project, [...all({ userId: 'gone-1' }), ...all({ anonymousId: 'gone-anon' })])
    await send(
      project,
      all({ userId: 'gone-1', anonymousId: 'gone-beside', occurredAt: '2019-05-01T00:00:00Z' }),
    )
    const refused = { feature: 'export', action: 'used', success: false, error: 'gone-1 may not export' }
    await send(project, [
      { kind: 'feature', userId: 'gone-1', ...refused, occurredAt: '2019-05-01T00:00:00Z' },
    ])
    await send(project, all({ userId: 'stays' }))
    await send(other, all({ userId: 'stays' }))
    await identify(identifyUser.input.parse({ anonymousId: 'gone-anon', userId: 'gone-1' }), caller(project))
    await rollUp(test.connection.db)
    const before = await tablesWith('gone-')
    for (const name of ['record_times', 'identities', 'rollup_visitors', 'rollup_classes']) {
      expect(before).toContain(name)
    }
    // Of each of the five a partition of now and one of then.
    expect(before.filter((name) => /\d$/.test(name))).toHaveLength(10)

    const receipt = deleteUser.output.parse(
      await eraseUser(deleteUser.input.parse(parse('gone-1')), callerOf('admin')),
    )
    expect(receipt.deleted).toMatchObject({
      user_events: 3,
      feature_usage: 4,
      conversion_funnels: 3,
      user_journeys: 3,
      user_satisfaction: 3,
      record_times: 10,
      identities: 1,
    })
    expect(receipt.notes.length).toBeGreaterThan(1)
    expect(await tablesWith('gone-')).toEqual([])
    const { records } = await exportUserData(exportUser.input.parse(parse('stays')), caller(project))
    expect(Object.values(records).map((rows) => rows.length)).toEqual([1, 1, 1, 1, 1, 5, 0])
    await expect(eraseUser(deleteUser.input.parse(parse('gone-1')), callerOf('admin'))).rejects.toMatchObject(
      { status: 404 },
    )
  })

  it('makes what is recorded afterwards a new user’s, though an anonymousId was joined', async () => {
    await identify(identifyUser.input.parse({ anonymousId: 'again-anon', userId: 'again' }), caller(project))
    await send(project, all({ anonymousId: 'again-anon' }))
    await eraseUser(deleteUser.input.parse(parse('again')), callerOf('admin'))
    await send(project, all({ anonymousId: 'again-anon' }))
    const { records } = await exportUserData(exportUser.input.parse(parse('again-anon')), caller(project))
    expect(records.user_events).toHaveLength(1)
  })
})

describe('an export', () => {
  it('holds every row of the user by table, in order of time', async () => {
    const [first, second] = ['2026-03-27T10:00:00.000Z', '2026-03-28T10:00:00.000Z']
    await send(project, all({ userId: 'x', sessionId: 's', device: 'phone', occurredAt: second }))
    await send(
      project,
      all({ userId: 'x', anonymousId: 'x-anon', occurredAt: first, properties: { a: [1] } }),
    )
    await identify(identifyUser.input.parse({ anonymousId: 'x-anon', userId: 'x' }), caller(project))
    const answer = exportUser.output.parse(
      await exportUserData(exportUser.input.parse(parse('x')), caller(project)),
    )
    expect(answer.anonymousIds).toEqual(['x-anon'])
    expect(Object.keys(answer.records)).toEqual([
      'user_events',
      'feature_usage',
      'conversion_funnels',
      'user_journeys',
      'user_satisfaction',
      'record_times',
      'identities',
    ])
    expect(answer.records.user_events).toMatchObject([
      { userId: 'x', anonymousId: 'x-anon', occurredAt: first, properties: { a: [1] }, page: '/p' },
      {
        userId: 'x',
        anonymousId: null,
        occurredAt: second,
        sessionId: 's',
        device: 'phone',
        durationMs: null,
      },
    ])
    expect(answer.records.user_events?.[0]).not.toHaveProperty('transactionId')
    expect(answer.records.user_satisfaction?.[0]).toMatchObject({ score: 9, context: { area: 'cart' } })
    expect(answer.records.conversion_funnels?.[0]).toMatchObject({ runId: 'user:x', completed: false })
    expect(answer.records.identities).toMatchObject([{ anonymousId: 'x-anon', userId: 'x' }])
    await expect(
      exportUserData(exportUser.input.parse(parse('nobody')), caller(project)),
    ).rejects.toMatchObject({ status: 404 })
  })
})
