import { sql } from 'drizzle-orm'
import type { Connection } from '@/db/connect'
import { ensurePartitions } from '@/db/queries/analytics/ensure-partitions'
import {
  analyticsTables,
  conversionFunnels,
  featureUsage,
  userEvents,
  userJourneys,
  userSatisfaction,
} from '@/db/schema'
import { copyRows } from './copy-rows'
import { makeVisitors } from './people'
import { Random } from './random'
import { DAY_MS, DAYS } from './rhythm'
import { type DemoRows, type Rows, Session } from './session'
import { playVisit } from './visit'

const SEED = 0x686f6c64
/** Between two visits of one visitor, at the least. */
const BREAK_MS = 45 * 60_000

/** Draws the demo's 60 days, whole ones from midnight to midnight (UTC), as if the first had begun with 1970. */
export function drawDemo(seed = SEED): Rows {
  const random = new Random(seed)
  const rows: Rows = { events: [], features: [], stages: [], steps: [], responses: [] }
  for (const visitor of makeVisitors(random)) {
    let free = Number.NEGATIVE_INFINITY
    for (const [index, at] of visitor.visits.entries()) {
      const session = new Session(visitor, random, Math.max(at, free), rows)
      playVisit(session, index + 1)
      free = session.at + BREAK_MS
    }
  }
  // As they would have come in: neighbours in time lie together on disk.
  for (const table of Object.values(rows) as { occurredAt: Date }[][])
    table.sort((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime())
  return rows
}

/**
 * The demo of a project that ends now: the same draw whenever that is, with its last day today. Of that day only what is over.
 */
export function makeDemo(projectId: string, now: Date, draw = drawDemo()): DemoRows {
  const shift = Math.floor(now.getTime() / DAY_MS) * DAY_MS - (DAYS - 1) * DAY_MS
  const place = <Row extends Rows[keyof Rows][number]>(rows: Row[]) =>
    rows.flatMap((row) => {
      const at = row.occurredAt.getTime() + shift
      if (at > now.getTime()) return []
      const received = Math.min(now.getTime(), row.receivedAt.getTime() + shift)
      return { ...row, projectId, occurredAt: new Date(at), receivedAt: new Date(received) }
    })
  return {
    events: place(draw.events),
    features: place(draw.features),
    stages: place(draw.stages),
    steps: place(draw.steps),
    responses: place(draw.responses),
  }
}

/**
 * Fills a project with 60 days, today included, of made-up records up to `now`, in one transaction: all of them or none. A
 * repeat for the same `now` adds nothing.
 *
 * @returns how many records were added, and how long it took in all
 */
export async function seedDemo(
  { db, sql: driver }: Connection,
  projectId: string,
  now: Date,
): Promise<{ records: number; ms: number }> {
  const start = performance.now()
  const rows = makeDemo(projectId, now)
  const times = Array.from({ length: DAYS + 1 }, (_, n) => new Date(now.getTime() - n * DAY_MS))
  await ensurePartitions(db, times)
  const done = await driver.begin(async (tx) => {
    if (await isThere(tx, rows.events[0])) return false
    await copyRows(tx, userEvents, rows.events)
    await copyRows(tx, featureUsage, rows.features)
    await copyRows(tx, conversionFunnels, rows.stages)
    await copyRows(tx, userJourneys, rows.steps)
    await copyRows(tx, userSatisfaction, rows.responses)
    return true
  })
  const records = done ? Object.values(rows).reduce((sum, table) => sum + table.length, 0) : 0
  if (!done) return { records, ms: Math.round(performance.now() - start) }
  // Without statistics the first charts would be planned as for empty tables.
  const names = analyticsTables.map((name) => sql.identifier(name))
  await db.execute(sql`analyze ${sql.join(names, sql`, `)}`)
  return { records, ms: Math.round(performance.now() - start) }
}

async function isThere(tx: Pick<Connection['sql'], 'unsafe'>, event: DemoRows['events'][number] | undefined) {
  if (!event) return false
  // Two seeds at once would both find nothing; the second waits for the first here.
  await tx.unsafe(`select pg_advisory_xact_lock(hashtext('holdfast.seed'))`)
  const found = await tx.unsafe(
    'select 1 from user_events where project_id = $1 and user_id = $2 and occurred_at = $3 and id = $4',
    [event.projectId, event.userId, event.occurredAt.toISOString(), event.id],
  )
  return found.length > 0
}
