import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertProject } from '@/db/queries/access/projects'
import type { Project, ProjectCaller } from '@/lib/access/caller'
import { trackBatch } from '@/lib/analytics/events/contract'
import { recordEvents } from '@/lib/analytics/events/service'
import { getUser, listUserRecords, listUsers } from '@/lib/analytics/users/contract'
import { findUser, findUserRecords, findUsers } from '@/lib/analytics/users/service'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'
import { seed, sets } from '@/scripts/test/random-sets'

/** Users, their profiles and timelines against slow and obvious references, on random data. */

let test: TestDatabase
const NOW = Date.parse('2026-03-30T12:00:00Z')
const caller = (project: Project): ProjectCaller => ({
  project,
  account: null,
  receivedAt: NOW,
  userAgent: null,
})

beforeAll(async () => {
  test = await makeDatabase()
})
afterAll(() => test.connection.close())

const START = Date.parse('2026-03-27T00:00:00Z')
const from = '2026-03-28T00:15:00.000Z'
const to = '2026-03-30T00:00:00.000Z'

const maybe = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined })
const records = fc.array(
  fc
    .record({
      kind: fc.constantFrom('event', 'event', 'event', 'feature', 'stage', 'step', 'response'),
      userId: maybe('anna', 'Bert', 'carl_1', 'carl%2', 'd\\e'),
      anonymousId: maybe('anon-1', 'anon-2'),
      sessionId: maybe('s1', 's2', 's3'),
      device: maybe('mobile', 'desktop'),
      browser: maybe('Firefox', 'Safari'),
      properties: fc.record({ plan: maybe('free', 'pro') }, { requiredKeys: [] }),
      completes: fc.boolean(),
      // Few times, so that many records are at the same one.
      occurredAt: fc
        .integer({ min: 0, max: 14 })
        .map((part) => new Date(START + part * 6 * 3_600_000).toISOString()),
    })
    .filter((one) => one.userId !== undefined || one.anonymousId !== undefined)
    .map((one) => ({ ...one, id: randomUUID() as string })),
  { maxLength: 40 },
)
type Sent = typeof records extends fc.Arbitrary<(infer T)[]> ? T : never

const idOf = (one: Sent) => (one.userId ?? one.anonymousId) as string

/** What is posted, and the words that its timeline has for it. */
function express({ completes, ...one }: Sent) {
  switch (one.kind) {
    case 'event':
      return { record: { ...one, name: 'n', pageUrl: 'https://x.org/p?q' }, title: 'n', detail: '/p' }
    case 'feature':
      return completes
        ? { record: { ...one, feature: 'f', action: 'used', error: 'no' }, title: 'f', detail: 'used: no' }
        : { record: { ...one, feature: 'g', action: 'opened' }, title: 'g', detail: 'opened' }
    case 'stage':
      return completes
        ? { record: { ...one, funnel: 'F', completed: true }, title: 'Completed', detail: 'F' }
        : { record: { ...one, funnel: 'F', stage: 's', stageOrder: 1 }, title: 's', detail: 'F' }
    case 'step':
      return completes
        ? { record: { ...one, journey: 'J', completed: true }, title: 'Completed', detail: 'J' }
        : { record: { ...one, journey: 'J', step: 't' }, title: 't', detail: 'J' }
    default:
      return completes
        ? { record: { ...one, survey: 'nps', score: 9, response: 'good' }, title: 'nps', detail: '9: good' }
        : { record: { ...one, survey: 'nps', score: 3 }, title: 'nps', detail: '3' }
  }
}

async function recordAll(sent: Sent[]): Promise<Project> {
  const project = (await insertProject(test.connection.db, {
    name: randomUUID(),
    timezone: 'Europe/Berlin',
  })) as Project
  const records = sent.map((one) => express(one).record)
  for (const part of [[...records.slice(15), ...records.slice(20, 25)], records.slice(0, 20)])
    if (part.length > 0) await recordEvents(trackBatch.input.parse({ records: part }), caller(project))
  return project
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
const newestFirst = (a: Sent, b: Sent) =>
  compare(b.occurredAt, a.occurredAt) || compare(b.kind, a.kind) || compare(b.id, a.id)
const distinct = (values: unknown[]) => new Set(values.filter((value) => value !== undefined)).size

/** All pages of a list. */
async function pages<Item>(
  ask: (cursor: object) => Promise<{ items: Item[]; nextCursor: string | null }>,
): Promise<Item[][]> {
  const all: Item[][] = []
  let cursor: string | null = null
  do {
    const page = await ask(cursor === null ? {} : { cursor })
    all.push(page.items)
    cursor = page.nextCursor
  } while (cursor !== null)
  return all
}

const agentOf = ({ device, browser }: Sent) => ({
  device: device ?? null,
  browser: browser ?? null,
  os: null,
})

/** @param sent all that was ever recorded: since when a user is known does not hang on what is asked */
function describeUsers(hit: Sent[], sent: Sent[]) {
  const users = [...new Set(hit.map(idOf))].map((userId) => {
    const theirs = hit.filter((one) => idOf(one) === userId).sort(newestFirst)
    const newest = theirs[0] as Sent
    return {
      userId,
      anonymous: newest.anonymousId === userId,
      firstSeenAt: sent
        .filter((one) => idOf(one) === userId)
        .sort(newestFirst)
        .at(-1)?.occurredAt,
      lastSeenAt: newest.occurredAt,
      events: theirs.length,
      sessions: distinct(theirs.map((one) => one.sessionId)),
      ...agentOf(newest),
    }
  })
  return users.sort(
    (a, b) => compare(b.lastSeenAt, a.lastSeenAt) || order.indexOf(b.userId) - order.indexOf(a.userId),
  )
}

/** Ids in the order of the database's collation. */
const order: string[] = []

describe('users', () => {
  beforeAll(async () => {
    const rows = await test.connection.db.execute<{ id: string }>(sql`
      select id from unnest(array['anna', 'Bert', 'carl_1', 'carl%2', 'd\\e', 'anon-1', 'anon-2']) as id order by id`)
    order.push(...rows.map(({ id }) => id))
  })

  it('are listed as a reference lists them, on 200 random data sets, page by page', async () => {
    await fc.assert(
      fc.asyncProperty(
        records,
        fc.integer({ min: 1, max: 4 }),
        fc.record(
          { device: fc.constant('mobile'), 'property.plan': fc.constant('pro') },
          { requiredKeys: [] },
        ),
        maybe('AN', 'l_', '%', '\\', 'x'),
        async (sent, limit, filters, search) => {
          const project = await recordAll(sent)
          const query = { from, to, limit: String(limit), ...filters, ...(search && { search }) }
          const listed = await pages((cursor) =>
            findUsers(listUsers.input.parse({ ...query, ...cursor }), caller(project)),
          )
          const hit = sent.filter(
            (one) =>
              one.kind === 'event' &&
              one.occurredAt >= from &&
              one.occurredAt < to &&
              (filters.device === undefined || one.device === filters.device) &&
              (filters['property.plan'] === undefined || one.properties.plan === 'pro') &&
              (search === undefined || idOf(one).toLowerCase().includes(search.toLowerCase())),
          )
          expect(listed.flat()).toEqual(describeUsers(hit, sent))
          expect(listed.slice(0, -1).every((page) => page.length === limit)).toBe(true)
        },
      ),
      { numRuns: sets(200), seed },
    )
  })

  it('are told of as a reference tells, on 200 random data sets', async () => {
    await fc.assert(
      fc.asyncProperty(
        records,
        fc.integer({ min: 1, max: 7 }),
        maybe('event', 'stage'),
        async (sent, limit, kind) => {
          const project = await recordAll(sent)
          const userId = sent[0] ? idOf(sent[0]) : 'nobody'
          const theirs = sent.filter((one) => idOf(one) === userId).sort(newestFirst)
          const listed = await pages((cursor) =>
            findUserRecords(
              listUserRecords.input.parse({ userId, limit: String(limit), ...(kind && { kind }), ...cursor }),
              caller(project),
            ),
          )
          expect(listed.flat()).toEqual(
            theirs
              .filter((one) => kind === undefined || one.kind === kind)
              .map((one) => ({
                kind: one.kind,
                id: one.id,
                title: express(one).title,
                detail: express(one).detail,
                sessionId: one.sessionId ?? null,
                ...agentOf(one),
                properties: one.properties,
                occurredAt: one.occurredAt,
                receivedAt: new Date(NOW).toISOString(),
              })),
          )
          const asked = findUser(getUser.input.parse({ userId }), caller(project))
          const [newest] = theirs
          if (!newest) {
            await expect(asked).rejects.toMatchObject({ status: 404 })
            return
          }
          const { days, ...user } = await asked
          const many = (kind: string) => theirs.filter((one) => one.kind === kind).length
          const features = ['f', 'g']
            .map((name) => ({
              name,
              records: theirs.filter((one) => one.kind === 'feature' && express(one).title === name).length,
            }))
            .filter(({ records }) => records > 0)
          expect(user).toEqual({
            userId,
            anonymousIds: [...new Set(theirs.flatMap((one) => one.anonymousId ?? []))]
              .filter((id) => id !== userId)
              .sort(),
            firstSeenAt: theirs.at(-1)?.occurredAt,
            lastSeenAt: newest.occurredAt,
            ...agentOf(newest),
            records: {
              event: many('event'),
              feature: many('feature'),
              stage: many('stage'),
              step: many('step'),
              response: many('response'),
            },
            sessions: distinct(theirs.map((one) => one.sessionId)),
            features: features.sort((a, b) => b.records - a.records),
          })
          expect(days).toHaveLength(90)
          // Berlin's midnights, around a change of clocks.
          const midnights = [
            '2026-03-26T23',
            '2026-03-27T23',
            '2026-03-28T23',
            '2026-03-29T22',
            '2026-03-30T22',
          ]
          expect(days.slice(-4).map(({ at, records }) => [at.slice(0, 13), records])).toEqual(
            midnights
              .slice(0, 4)
              .map((at, index) => [
                at,
                theirs.filter(
                  (one) =>
                    one.occurredAt >= `${at}:00:00.000Z` &&
                    one.occurredAt < `${midnights[index + 1]}:00:00.000Z`,
                ).length,
              ]),
          )
        },
      ),
      { numRuns: sets(200), seed },
    )
  })

  it('are all found where one of them has nearly all events', async () => {
    const project = (await insertProject(test.connection.db, { name: randomUUID() })) as Project
    const at = (minute: number) => new Date(Date.parse(from) + minute * 60_000).toISOString()
    const records = Array.from({ length: 1_000 }, (_, minute) => ({
      kind: 'event',
      userId: minute % 250 === 0 ? `rare-${minute}` : 'busy',
      name: 'n',
      occurredAt: at(minute),
    }))
    await recordEvents(trackBatch.input.parse({ records }), caller(project))
    const listed = await pages((cursor) =>
      findUsers(listUsers.input.parse({ from, to, limit: '1', ...cursor }), caller(project)),
    )
    expect(listed.map(([user]) => user?.userId)).toEqual([
      'busy',
      'rare-750',
      'rare-500',
      'rare-250',
      'rare-0',
    ])
  })
})
