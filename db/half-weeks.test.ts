import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { insertProject } from '@/db/queries/access/projects'
import type { Project } from '@/lib/access/caller'
import { trackBatch } from '@/lib/analytics/events/contract'
import { recordEvents } from '@/lib/analytics/events/service'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'
import { rollUp } from '@/scripts/test/roll-up'

/** The migration that made halves of weeks of what rollups held already, run once more on what is made of them today: as long as
 * the tables are what it left. */

let test: TestDatabase
beforeAll(async () => {
  test = await makeDatabase()
})
afterAll(() => test.connection.close())

/** Records of each day of two weeks, of two users with two agents, around 1:00 UTC. */
async function record(project: Project, first: string): Promise<void> {
  const records = Array.from({ length: 28 }, (_, nth) => {
    const at = Date.parse(first) + Math.floor(nth / 2) * 86_400_000 + (nth % 3) * 3_600_000
    const common = {
      userId: `u${nth % 2}`,
      device: nth % 3 ? 'mobile' : 'desktop',
      occurredAt: new Date(at).toISOString(),
    }
    return [
      { kind: 'event', name: 'n', pageUrl: 'https://app.example/', sessionId: 's', ...common },
      { kind: 'feature', feature: 'f', action: 'used', error: 'e', durationMs: 7, ...common },
      { kind: 'stage', funnel: 'F', stage: 's', stageOrder: 1, runId: randomUUID(), ...common },
      { kind: 'step', journey: 'J', step: 't', runId: randomUUID(), ...common },
      { kind: 'response', survey: 'nps', score: 9, ...common },
    ]
  }).flat()
  const caller = { project, account: null, receivedAt: Date.parse('2026-12-01T00:00:00Z'), userAgent: null }
  await recordEvents(trackBatch.input.parse({ records }), caller)
}

it('makes the same as is made of the records, whatever the clocks do', async () => {
  const { db } = test.connection
  for (const [timezone, first] of [
    ['UTC', '2026-03-26T23:30:00Z'],
    ['Europe/Berlin', '2026-10-18T22:30:00Z'],
    ['America/Santiago', '2026-08-31T03:30:00Z'],
    ['America/Havana', '2025-10-25T03:30:00Z'],
    ['Pacific/Chatham', '2026-09-18T11:00:00Z'],
  ] as const) {
    await record((await insertProject(db, { name: timezone, timezone })) as Project, first)
  }
  await rollUp(db)
  const tables = ['rollup_counts', 'rollup_bits']
  const halves = async () => {
    const rows = tables.map(
      (table) =>
        sql`select to_jsonb(r)::text as row from ${sql.identifier(table)} r where grain = 'half_week'`,
    )
    return (await db.execute<{ row: string }>(sql.join(rows, sql` union all `))).map(({ row }) => row).sort()
  }
  const made = await halves()
  expect(made.length).toBeGreaterThan(200)
  for (const table of tables)
    await db.execute(sql`delete from ${sql.identifier(table)} where grain = 'half_week'`)
  const migration = readFileSync('db/migrations/0017_half_weeks.sql', 'utf8')
  await db.transaction(async (tx) => {
    for (const statement of migration.split('--> statement-breakpoint')) await tx.execute(sql.raw(statement))
  })
  expect(await halves()).toEqual(made)
})
