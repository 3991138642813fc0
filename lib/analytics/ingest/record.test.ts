import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProjectCaller } from '@/lib/access/caller'
import { trackBatch, trackEvent } from '@/lib/analytics/events/contract'
import { recordEvent, recordEvents } from '@/lib/analytics/events/service'
import { identifyUser } from '@/lib/analytics/users/contract'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'

let test: TestDatabase
const caller = (receivedAt = Date.now(), userAgent: string | null = null): ProjectCaller => ({
  project: test.project,
  account: null,
  receivedAt,
  userAgent,
})
const track = (body: object, who = caller()) => recordEvent(trackEvent.input.parse(body), who)
const batch = (body: object, who = caller()) => recordEvents(trackBatch.input.parse(body), who)
const stored = (where = sql`true`) =>
  test.connection.db.execute<{ id: string; at: Date; name: string }>(
    sql`select id, occurred_at as at, name from user_events where ${where} order by occurred_at`,
  )

beforeAll(async () => {
  test = await makeDatabase()
})
afterAll(() => test.connection.close())

describe('recording', () => {
  it('stores what was sent', async () => {
    const id = randomUUID()
    const at = new Date(Date.now() - 60_000).toISOString()
    const sent = {
      id,
      userId: 'u1',
      anonymousId: 'a1',
      sessionId: 's1',
      occurredAt: at,
      type: 'click',
      name: 'Buy',
      category: 'shop',
    }
    await track({
      ...sent,
      pageUrl: 'https://x.example/a/b?c=1#d',
      durationMs: 12.6,
      properties: { a: [1, { b: 'é' }] },
    })
    const [row] = await test.connection.db.execute(sql`select * from user_events where id = ${id}`)
    expect(row).toMatchObject({
      user_id: 'u1',
      anonymous_id: 'a1',
      session_id: 's1',
      type: 'click',
      name: 'Buy',
      category: 'shop',
    })
    expect(row).toMatchObject({
      page_url: 'https://x.example/a/b?c=1#d',
      page: '/a/b',
      duration_ms: 13,
      properties: { a: [1, { b: 'é' }] },
    })
    expect(new Date(row?.occurred_at as string).toISOString()).toBe(at)
  })

  it('counts a repeat once, alone, in a batch and within one batch', async () => {
    const event = { id: randomUUID(), userId: 'u2', name: 'once', occurredAt: new Date().toISOString() }
    const record = { kind: 'event', ...event }
    expect(await track(event)).toMatchObject({ accepted: 1, duplicates: 0 })
    expect(await track(event)).toMatchObject({ accepted: 0, duplicates: 1 })
    expect(await batch({ records: [record, record] })).toMatchObject({ accepted: 0, duplicates: 2 })
    const other = { ...record, id: randomUUID() }
    expect(await batch({ records: [other, other] })).toMatchObject({ accepted: 1, duplicates: 1 })
    expect(await stored(sql`name = 'once'`)).toHaveLength(2)
  })

  it('counts a repeat without a time once, though it arrives later', async () => {
    const event = { id: randomUUID(), userId: 'u3', name: 'timeless' }
    expect(await track(event)).toMatchObject({ accepted: 1 })
    expect(await track(event, caller(Date.now() + 3_600_000))).toMatchObject({ accepted: 0, duplicates: 1 })
    expect(
      await batch({ records: [{ kind: 'event', ...event }] }, caller(Date.now() + 7_200_000)),
    ).toMatchObject({ duplicates: 1 })
    expect(await stored(sql`name = 'timeless'`)).toHaveLength(1)
  })

  it('corrects a clock that is an hour behind, and counts its repeats once', async () => {
    const now = Date.now()
    const hour = 3_600_000
    const iso = (at: number) => new Date(at).toISOString()
    const event = { id: randomUUID(), userId: 'u4', name: 'skewed', occurredAt: iso(now - hour - 60_000) }
    await track({ ...event, sentAt: iso(now - hour) }, caller(now))
    expect((await stored(sql`name = 'skewed'`)).map((row) => new Date(row.at).getTime())).toEqual([
      now - 60_000,
    ])
    // Sent again ten minutes later, 1.3 s slower on its way, then once more after the clock was put right.
    const later = now + 600_000
    expect(await track({ ...event, sentAt: iso(later - hour) }, caller(later + 1_300))).toMatchObject({
      duplicates: 1,
    })
    expect(await track({ ...event, sentAt: iso(later) }, caller(later))).toMatchObject({ duplicates: 1 })
    expect(await stored(sql`name = 'skewed'`)).toHaveLength(1)
  })

  it('counts a repeat once when the clock goes wrong after the first', async () => {
    const now = Date.now()
    const event = {
      id: randomUUID(),
      userId: 'u5',
      name: 'late skew',
      occurredAt: new Date(now).toISOString(),
    }
    await track({ ...event, sentAt: new Date(now).toISOString() }, caller(now))
    const repeat = await track(
      { ...event, sentAt: new Date(now - 3_600_000).toISOString() },
      caller(now + 1_000),
    )
    expect(repeat).toMatchObject({ accepted: 0, duplicates: 1 })
  })

  it('takes the same id from two users as two events', async () => {
    const id = randomUUID()
    const records = ['left', 'right'].map((userId) => ({
      kind: 'event',
      id,
      userId,
      name: 'shared id',
      occurredAt: new Date().toISOString(),
    }))
    expect(await batch({ records })).toMatchObject({ accepted: 2, duplicates: 0 })
  })

  it('makes the partition that an old record needs: one a year for what is long past', async () => {
    const old = ['2009-03-01', '2009-11-30', '2015-05-17', '2000-01-01'].map((day) => ({
      kind: 'event',
      userId: 'u6',
      name: 'old',
      occurredAt: `${day}T00:00:00Z`,
    }))
    expect(await batch({ records: old })).toMatchObject({ accepted: 4, rejected: [] })
    const tables = await test.connection.db.execute<{ name: string }>(
      sql`select distinct tableoid::regclass::text as name from user_events where name = 'old' order by 1`,
    )
    expect(tables.map((table) => table.name)).toEqual([
      'user_events_2000',
      'user_events_2009',
      'user_events_2015',
    ])
  })

  it('refuses the records that are wrong and stores the others', async () => {
    const good = { kind: 'event', userId: 'u7', name: 'mixed' }
    const receipt = await batch({
      records: [
        good,
        { kind: 'purchase', userId: 'u7' },
        { ...good, userId: undefined },
        { ...good, occurredAt: '9999-01-01T00:00:00Z' },
        { ...good, properties: { a: { b: '\0' } } },
        null,
        good,
      ],
    })
    expect(receipt).toMatchObject({ accepted: 2, duplicates: 0 })
    expect(receipt.rejected.map(({ index, path }) => [index, path])).toEqual([
      [1, 'kind'],
      [2, 'userId'],
      [3, 'occurredAt'],
      [4, 'properties'],
      [5, ''],
    ])
  })

  it('drops bots and counts them', async () => {
    const googlebot = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'
    expect(await track({ userId: 'u8', name: 'bot' }, caller(Date.now(), googlebot))).toMatchObject({
      accepted: 0,
      dropped: 1,
    })
    const named = { kind: 'event', userId: 'u8', name: 'bot', userAgent: googlebot }
    expect(await batch({ records: [named, named] })).toMatchObject({ accepted: 0, dropped: 2 })
    expect(await stored(sql`name = 'bot'`)).toHaveLength(0)
    const [row] = await test.connection.db.execute<{ count: string }>(sql`select count from dropped_records`)
    expect(Number(row?.count)).toBe(3)
  })

  it('stores the same thousand records sent four times at once, in shuffled batches, once', async () => {
    const records = Array.from({ length: 1_000 }, (_, index) => ({
      kind: 'event',
      id: randomUUID(),
      userId: `many-${index % 37}`,
      name: 'many',
      occurredAt: new Date(Date.now() - index * 1_000).toISOString(),
    }))
    const shuffled = () => [...records].sort(() => Math.random() - 0.5)
    const batches = Array.from({ length: 4 }, shuffled).flatMap((all) =>
      Array.from({ length: 10 }, (_, part) => all.slice(part * 100, part * 100 + 100)),
    )
    const receipts = await Promise.all(batches.map((part) => batch({ records: part })))
    const sum = (name: 'accepted' | 'duplicates') =>
      receipts.reduce((total, receipt) => total + receipt[name], 0)
    expect([sum('accepted'), sum('duplicates')]).toEqual([1_000, 3_000])
    expect(await stored(sql`name = 'many'`)).toHaveLength(1_000)
  })

  it('refuses with 503 when too much waits, and stores what it took', async () => {
    const records = Array.from({ length: 1_000 }, () => ({ kind: 'event', userId: 'flood', name: 'flood' }))
    const results = await Promise.allSettled(Array.from({ length: 40 }, () => batch({ records })))
    const taken = results.filter((result) => result.status === 'fulfilled').length
    const refused = results.filter((result) => result.status === 'rejected')
    expect(refused.length).toBeGreaterThan(0)
    for (const { reason } of refused)
      expect(reason).toMatchObject({ status: 503, retryAfter: expect.any(Number) })
    expect(await stored(sql`name = 'flood'`)).toHaveLength(taken * 1_000)
  })
})

const DAY_MS = 86_400_000

describe('a repeat whose sender says another time', () => {
  const agoOf = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString()

  it.each([
    ['alone', (event: object, who: ProjectCaller) => track(event, who)],
    [
      'in a batch',
      ({ sentAt, ...event }: { id: string; sentAt?: string }, who: ProjectCaller) =>
        batch({ ...(sentAt && { sentAt }), records: [{ kind: 'event', ...event }] }, who),
    ],
  ])('is the same record, at once and days later, %s', async (_, send) => {
    const event = { id: randomUUID(), userId: 'late', name: `late-${randomUUID()}`, occurredAt: agoOf(3) }
    const now = Date.now()
    expect(await send(event, caller(now))).toMatchObject({ accepted: 1, duplicates: 0 })
    for (const days of [0, 0.5, 6]) {
      const again = { ...event, sentAt: event.occurredAt }
      expect(await send(again, caller(now + days * DAY_MS))).toMatchObject({ accepted: 0, duplicates: 1 })
      expect(await track(again, caller(now + days * DAY_MS))).toMatchObject({ duplicates: 1 })
    }
    expect(await stored(sql`name = ${event.name}`)).toHaveLength(1)
  })

  it('has a clock that is out of all bounds', async () => {
    const name = `late-${randomUUID()}`
    for (const time of ['0000-01-01T00:00:00Z', '9999-12-31T23:59:59-14:00'])
      expect(
        await track({ id: randomUUID(), userId: 'u', name, occurredAt: time, sentAt: time }),
      ).toMatchObject({
        accepted: 1,
      })
  })

  it('is so the other way round, and with several clocks', async () => {
    const event = { id: randomUUID(), userId: 'late', name: `late-${randomUUID()}`, occurredAt: agoOf(3) }
    expect(await track({ ...event, sentAt: agoOf(3) })).toMatchObject({ accepted: 1 })
    expect(await track(event)).toMatchObject({ duplicates: 1 })
    expect(await track({ ...event, sentAt: agoOf(1) })).toMatchObject({ duplicates: 1 })
    expect(await stored(sql`name = ${event.name}`)).toHaveLength(1)
  })
})

describe('texts that are longer than is kept', () => {
  it('are cut, and the record is kept', async () => {
    const name = `long-${randomUUID()}`
    const long = `https://shop.example/sale?utm=${'x'.repeat(2_100)}`
    const event = { userId: 'u', name, pageUrl: long, referrer: long, pageTitle: '😀'.repeat(251) }
    expect(await track(event)).toMatchObject({ accepted: 1, cut: 3 })
    const [row] = await test.connection.db.execute<Record<string, string>>(
      sql`select page_url, page, referrer, page_title from user_events where name = ${name}`,
    )
    expect(row).toMatchObject({
      page: '/sale',
      page_url: long.slice(0, 2_000),
      referrer: long.slice(0, 2_000),
    })
    expect(row?.page_title).toBe('😀'.repeat(250))
  })

  it('are cut in every kind, in a batch each for itself', async () => {
    const long = 'e'.repeat(6_000)
    const records = [
      { kind: 'feature', userId: 'u', feature: 'f', action: 'used', error: long },
      { kind: 'response', userId: 'u', survey: 'nps', score: 9, question: long, response: long },
      { kind: 'event', userId: 'u', type: 'page_view', name: long },
      { kind: 'event', userId: 'u', name: 'n', userAgent: `Mozilla/5.0 (Windows NT 10.0) ${long}` },
      { kind: 'event', userId: 'u', name: 'n' },
    ]
    expect(await batch({ records })).toMatchObject({ accepted: 5, cut: 5, rejected: [] })
    const [row] = await test.connection.db.execute<{ error: number; question: number; response: number }>(sql`
      select (select length(error) from feature_usage where error like 'eeee%')::int as error,
        length(question)::int as question, length(response)::int as response
      from user_satisfaction where question like 'eeee%'`)
    expect(row).toEqual({ error: 2_000, question: 1_000, response: 5_000 })
    expect(await stored(sql`name = ${'e'.repeat(200)}`)).toHaveLength(1)
  })

  it('are refused where they name what is counted', () => {
    expect(() => trackEvent.input.parse({ userId: 'u', name: 'n'.repeat(201) })).toThrow(/200/)
  })
})

describe('who is a bot', () => {
  const google = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'
  const send = (userAgent: string, more: Partial<ProjectCaller> = {}, body: object = {}) =>
    track({ userId: 'u', name: 'n', ...body }, { ...caller(Date.now(), userAgent), ...more })

  it('with a write key: known crawlers, and no library', async () => {
    expect(await send(google, { key: 'write' })).toMatchObject({ accepted: 0, dropped: 1 })
    expect(await send('RestSharp/106.15.0.0', { key: 'write' })).toMatchObject({ accepted: 1, dropped: 0 })
  })

  it('with a secret key: only whom the record names', async () => {
    expect(await send(google, { key: 'secret' })).toMatchObject({ accepted: 1 })
    expect(await send('node', { key: 'secret' }, { userAgent: google })).toMatchObject({ dropped: 1 })
    expect(await send('node', { key: 'secret' }, { userAgent: 'okhttp/4.12.0' })).toMatchObject({
      accepted: 1,
    })
  })

  it('as the project says', async () => {
    const project = { ...test.project, allowedAgents: ['googlebot'] }
    expect(await send(google, { key: 'write', project })).toMatchObject({ accepted: 1 })
    expect(await send('bingbot/2.0', { key: 'write', project })).toMatchObject({ dropped: 1 })
    const all = { ...test.project, dropBots: false }
    expect(await send('bingbot/2.0', { key: 'write', project: all })).toMatchObject({ accepted: 1 })
  })
})

describe('ids that say nobody', () => {
  it.each([
    'undefined',
    'null',
    'NULL',
    'NaN',
    '[object Object]',
    'anonymous',
    'Guest',
    ' "null" ',
    'none',
    '0',
    '""',
    '  ',
    '00000000-0000-0000-0000-000000000000',
    'user_id',
  ])('%j is refused', (nobody) => {
    for (const field of ['userId', 'anonymousId', 'sessionId'])
      expect(() => trackEvent.input.parse({ userId: 'u', name: 'n', [field]: nobody })).toThrow(/nobody/)
    expect(() => identifyUser.input.parse({ anonymousId: nobody, userId: 'u' })).toThrow(/nobody/)
    expect(() => identifyUser.input.parse({ anonymousId: 'a', userId: nobody })).toThrow(/nobody/)
  })

  it.each(['1', '00', 'nullable', 'anonymous-7', 'Nanette', 'true-believer', 'guest@shop.example'])(
    '%j is somebody',
    (somebody) => {
      expect(trackEvent.input.parse({ userId: somebody, name: 'n' })).toMatchObject({ userId: somebody })
    },
  )
})

it('takes a route after a # for a page, where the project says so', async () => {
  const name = `hash-${randomUUID()}`
  const who = { ...caller(), project: { ...test.project, hashRoutes: true } }
  for (const pageUrl of ['https://a.example/app#/cart?x=1', '/app#!/done', '/app#top', '/app?a=#/no'])
    await track({ userId: 'u', name, pageUrl }, who)
  await track({ userId: 'u', name, pageUrl: 'https://a.example/app#/cart' })
  const rows = await test.connection.db.execute<{ page: string }>(
    sql`select page from user_events where name = ${name} order by page`,
  )
  expect(rows.map(({ page }) => page)).toEqual(['/app', '/app', '/app#!/done', '/app#/cart', '/app#/no'])
})
