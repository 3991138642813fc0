import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { insertProject, updateProject } from '@/db/queries/access/projects'
import { expireRecords } from '@/db/queries/analytics/expire'
import { advanceRollups } from '@/db/queries/analytics/rollups/advance'
import { MOMENT_SHIFT, PART_LENGTH } from '@/db/schema'
import type { Project } from '@/lib/access/caller'
import { forgetAccess } from '@/lib/access/project-cache'
import { trackBatch } from '@/lib/analytics/events/contract'
import { recordEvents } from '@/lib/analytics/events/service'
import { eraseUser } from '@/lib/analytics/users/erasure'
import { identify } from '@/lib/analytics/users/identify'
import { Problem } from '@/lib/http/problem'
import { caller as signedIn } from '@/scripts/test/caller'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'
import { seed, sets } from '@/scripts/test/random-sets'
import { rollUp } from '@/scripts/test/roll-up'

/** The moments that the rollups hold are those of the records, each once. */

let test: TestDatabase
beforeAll(async () => {
  test = await makeDatabase()
})
afterAll(() => test.connection.close())

const callerOf = (project: Project) => ({ ...signedIn('admin'), project })

const who = [
  { userId: 'u1' },
  { userId: 'u2' },
  { userId: 'u1', anonymousId: 'a1' },
  { anonymousId: 'a1' },
  { anonymousId: 'a2' },
]
const days = ['02', '28', '29', '29', '29', '29', '30']

/** Records of few users at few times: some are alike in all but their session, and a day has more than a part holds. */
function recordsOf(count: number, salt: number): object[] {
  let state = salt
  const pick = <T>(...values: T[]): T => {
    state = (state * 48_271 + 11) % 2_147_483_647
    return values[state % values.length] as T
  }
  return Array.from({ length: count }, () => ({
    id: randomUUID(),
    ...(pick(true, true, true, true, true, true, true, false)
      ? {
          kind: 'event',
          ...pick<object>(
            { name: 'x' },
            { name: 'x' },
            { name: 'x' },
            { name: 'x', type: 'click' },
            { name: 'y' },
          ),
        }
      : { kind: 'feature', feature: 'x', action: 'used' }),
    ...pick(...who),
    sessionId: pick('s1', 's2', 's3', undefined),
    device: pick('mobile', 'mobile', 'mobile', 'desktop'),
    occurredAt: `2026-03-${pick(...days)}T${pick('00', '12', '23')}:${pick('00', '31')}:00.00${pick(0, 1, 2)}Z`,
  }))
}

const change = fc.oneof(
  fc.record({ kind: fc.constant('send' as const), count: fc.constantFrom(3, 30, 900), salt: fc.nat() }),
  fc.constantFrom(
    { kind: 'repeat' as const },
    { kind: 'expire' as const },
    { kind: 'identify' as const, from: 'a1', to: 'u1' },
    { kind: 'identify' as const, from: 'a2', to: 'u3' },
    { kind: 'erase' as const, from: 'u1' },
    { kind: 'erase' as const, from: 'u2' },
    { kind: 'move' as const, timezone: 'America/New_York' },
    { kind: 'move' as const, timezone: 'Asia/Kolkata' },
  ),
)

/** Of each record that the rollups hold what it is, whom it came from and when. */
async function listRecords(projectId: string): Promise<string[]> {
  const rows = await test.connection.db.execute<{ line: string }>(sql`
    select concat_ws(' ', name, type, device, user_id, extract(epoch from occurred_at)::numeric(20, 6)) as line
    from user_events
    where project_id = ${projectId} and transaction_id < (select next_transaction from rollup_progress)`)
  return rows.map(({ line }) => line).sort()
}

/** The same of each moment. */
async function listMoments(projectId: string): Promise<string[]> {
  const rows = await test.connection.db.execute<{ line: string }>(sql`
    select concat_ws(' ', k.name, k.type, a.device, v.key,
      (extract(epoch from r.at) + (moment & ${2 ** MOMENT_SHIFT - 1}::bigint) / 1e6)::numeric(20, 6)) as line
    from rollup_moments r cross join unnest(moments) moment
    join rollup_classes k on k.id = r.class_id and k.project_id = r.project_id and k.source = 'event'
    join rollup_agents a on a.id = r.agent_id
    left join rollup_visitors v on v.project_id = r.project_id and v.subject = 'user' and v.agent_id = r.agent_id
      and v.ordinal = moment >> ${MOMENT_SHIFT}
    where r.project_id = ${projectId}`)
  return rows.map(({ line }) => line).sort()
}

async function expectKept(projectId: string): Promise<void> {
  expect(await listMoments(projectId)).toEqual(await listRecords(projectId))
  const odd = await test.connection.db.execute(sql`
    select from rollup_moments
    where project_id = ${projectId} and (cardinality(moments) not between 1 and ${PART_LENGTH}
      or moments <> array(select m from unnest(moments) m order by m))`)
  expect(odd.length).toBe(0)
}

it('are those of the records on 40 random histories', async () => {
  const { db } = test.connection
  const done = { parts: 0, changed: 0 }
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
      const made = (await insertProject(db, { name: randomUUID(), timezone: 'Europe/Berlin' })) as Project
      const project = (await updateProject(db, made.id, { retentionDays: 22 })) ?? made
      forgetAccess()
      const caller = callerOf(project)
      let sent = recordsOf(600, 7)
      const send = () => recordEvents(trackBatch.input.parse({ records: sent }), caller)
      // Some are refused, for they make no sense: nothing may change then.
      const attempt = (work: Promise<unknown>) =>
        work.then(
          () => done.changed++,
          (error) => {
            if (!(error instanceof Problem)) throw error
          },
        )
      await send()
      await rollUp(db)
      for (const one of changes) {
        if (one.kind === 'send') sent = recordsOf(one.count, one.salt)
        if (one.kind === 'send' || one.kind === 'repeat') await send()
        if (one.kind === 'expire') await expireRecords(db, new Date('2026-04-01T12:00:00Z'))
        if (one.kind === 'identify')
          await attempt(identify({ anonymousId: one.from, userId: one.to }, caller))
        if (one.kind === 'erase')
          await attempt(eraseUser({ project: project.id, userId: one.from }, signedIn('admin')))
        if (one.kind === 'move') await updateProject(db, project.id, { timezone: one.timezone })
        // What another transaction holds back comes with the next.
        await advanceRollups(db)
        await expectKept(project.id)
      }
      await rollUp(db)
      await expectKept(project.id)
      const [row] = await db.execute<{ most: number }>(
        sql`select coalesce(max(part), 0) as most from rollup_moments where project_id = ${project.id}`,
      )
      done.parts += row?.most ?? 0
    }),
    { numRuns: sets(40), endOnFailure: true, seed },
  )
  expect(Math.min(done.parts, done.changed)).toBeGreaterThan(0)
})
