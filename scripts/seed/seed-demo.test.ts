import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { analyticsTables } from '@/db/schema'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'
import { seed, sets } from '@/scripts/test/random-sets'
import { drawDemo, makeDemo, seedDemo } from './seed-demo'

const now = new Date('2026-11-22T14:30:00Z')
const DAY_MS = 86_400_000
const project = '6f1d2c1e-52cf-4b0b-9a53-0d3b0a5a3c11'

const quantile = (values: number[], q: number) =>
  values.sort((a, b) => a - b)[Math.floor(values.length * q)] ?? Number.NaN

describe('makeDemo', () => {
  const draw = drawDemo()
  const rows = makeDemo(project, now, draw)

  it('makes the same for the same seed, and something else for another', () => {
    expect(JSON.stringify(drawDemo()) === JSON.stringify(draw)).toBe(true)
    expect(drawDemo(1).events[0]?.id).not.toBe(draw.events[0]?.id)
  })

  it('has the same counts by kind, name and day before the last, whenever it ends', () => {
    const countsOf = (end: Date) => {
      const today = Math.floor(end.getTime() / DAY_MS)
      const counts: Record<string, number> = {}
      const count = (kind: string, name: string, { occurredAt }: { occurredAt: Date }) => {
        const daysAgo = today - Math.floor(occurredAt.getTime() / DAY_MS)
        const key = `${kind} ${name} ${daysAgo}`
        if (daysAgo > 0) counts[key] = (counts[key] ?? 0) + 1
      }
      const { events, features, stages, steps, responses } = makeDemo(project, end, draw)
      for (const row of events) count('event', row.name, row)
      for (const row of features) count('feature', `${row.feature} ${row.action}`, row)
      for (const row of stages) count('stage', `${row.funnel} ${row.stage}`, row)
      for (const row of steps) count('step', `${row.journey} ${row.step}`, row)
      for (const row of responses) count('response', `${row.survey} ${row.response}`, row)
      return counts
    }
    const expected = countsOf(now)
    expect(Object.keys(expected).length).toBeGreaterThan(1_000)
    const told = JSON.stringify(expected)
    const ends = fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
    fc.assert(
      fc.property(ends, (end) => {
        const counts = countsOf(end)
        if (JSON.stringify(counts) !== told) expect(counts).toEqual(expected)
      }),
      { numRuns: sets(100), seed },
    )
  })

  it('repeats no id, stays within its 60 days and has a month before the last', () => {
    const all = Object.values(rows).flat()
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    const start = Math.floor(now.getTime() / DAY_MS) * DAY_MS - 59 * DAY_MS
    const before = all.filter(({ occurredAt }) => occurredAt.getTime() < start + 30 * DAY_MS).length
    expect(before / all.length).toBeGreaterThan(0.25)
    const wrong = all.filter(
      ({ occurredAt, receivedAt }) =>
        occurredAt.getTime() < start || receivedAt < occurredAt || receivedAt.getTime() > now.getTime(),
    )
    expect(wrong).toEqual([])
  })

  it('knows about a third of the visitors, and knows them from their sign-up on', () => {
    const visitors = new Set(rows.events.map(({ anonymousId }) => anonymousId))
    const known = new Set(rows.events.filter((e) => e.userId !== e.anonymousId).map((e) => e.anonymousId))
    expect(known.size / visitors.size).toBeGreaterThan(0.3)
    expect(known.size / visitors.size).toBeLessThan(0.4)
    const signUps = new Map(
      rows.events.filter((e) => e.name === 'sign_up').map((e) => [e.anonymousId, e.occurredAt]),
    )
    for (const { anonymousId, userId, occurredAt } of rows.events) {
      const signUp = signUps.get(anonymousId)
      if (signUp) expect(userId !== anonymousId).toBe(occurredAt >= signUp)
    }
  })

  it('has funnels that lose users at every stage', () => {
    for (const funnel of ['checkout', 'onboarding', 'upgrade']) {
      const reached = [1, 2, 3, 4].map(
        (order) => rows.stages.filter((s) => s.funnel === funnel && s.stageOrder === order).length,
      )
      const completed = rows.stages.filter((s) => s.funnel === funnel && s.completed).length
      for (const [index, count] of reached.entries())
        expect(count).toBeLessThan(reached[index - 1] ?? Number.POSITIVE_INFINITY)
      expect(completed).toBeGreaterThan(10)
      expect(completed).toBeLessThanOrEqual(reached[3] ?? 0)
    }
  })

  it('shows the export’s regression in the last week', () => {
    const used = rows.features.filter((f) => f.feature === 'csv_export' && f.action === 'used')
    const recent = (f: (typeof used)[number]) =>
      f.occurredAt.getTime() >= Math.floor(now.getTime() / DAY_MS) * DAY_MS - 6 * DAY_MS
    const rate = (list: typeof used) => list.filter((f) => f.success).length / list.length
    expect(rate(used.filter((f) => !recent(f)))).toBeGreaterThan(0.92)
    expect(rate(used.filter(recent))).toBeLessThan(0.8)
    const median = (list: typeof used) =>
      quantile(
        list.map((f) => f.durationMs ?? 0),
        0.5,
      )
    expect(median(used.filter(recent))).toBeGreaterThan(2 * median(used.filter((f) => !recent(f))))
  })
})

describe('seedDemo', () => {
  let databases: TestDatabase[] = []

  beforeAll(async () => {
    databases = [await makeDatabase(), await makeDatabase()]
  })

  afterAll(async () => {
    for (const { connection } of databases) await connection.close()
  })

  it('fills all five tables over 60 days, the same in every database, and adds nothing when repeated', async () => {
    const found = []
    for (const { connection, project } of databases) {
      const { records, ms } = await seedDemo(connection, project.id, now)
      const counts: Record<string, number> = {}
      for (const table of analyticsTables) {
        const [row] = await connection.sql.unsafe(
          `select count(*)::int as rows, count(distinct id)::int as ids, max(received_at) as last,
             count(distinct date_trunc('day', occurred_at))::int as days from ${table} where project_id = $1`,
          [project.id],
        )
        counts[table] = row?.rows
        expect(row?.ids).toBe(row?.rows)
        expect(row?.days).toBe(60)
        expect(new Date(row?.last).getTime()).toBeLessThanOrEqual(now.getTime())
      }
      console.log(`${records} records in ${ms} ms`, counts)
      expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(records)
      expect(await seedDemo(connection, project.id, now)).toMatchObject({ records: 0 })
      found.push(counts)
    }
    expect(found[0]).toEqual(found[1])
  })
})
