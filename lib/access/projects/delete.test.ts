import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { deleteLeftBehind } from '@/db/queries/access/delete-project'
import { createProject } from '@/lib/access/projects/contract'
import { makeProject, removeProject } from '@/lib/access/projects/service'
import { trackBatch } from '@/lib/analytics/events/contract'
import { recordEvents } from '@/lib/analytics/events/service'
import { identify } from '@/lib/analytics/users/identify'
import { caller } from '@/scripts/test/caller'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'
import { rollUp } from '@/scripts/test/roll-up'

let test: TestDatabase
beforeAll(async () => {
  test = await makeDatabase()
})
afterAll(() => test.connection.close())

const boss = caller('admin')
const tablesOf = async (projectId: string) => {
  const tables = await test.connection.db.execute<{ name: string }>(sql`
    select table_name as name from information_schema.columns join information_schema.tables using (table_schema, table_name)
    where column_name = 'project_id' and table_schema = 'public' and table_type = 'BASE TABLE'`)
  const held: string[] = []
  for (const { name } of tables) {
    const [row] = await test.connection.db.execute<{ any: boolean }>(
      sql`select exists (select from ${sql.identifier(name)} where project_id = ${projectId}) as any`,
    )
    if (row?.any) held.push(name)
  }
  return held
}

/** A project with records of every kind, some of them rolled up. */
async function fill(name: string) {
  const { project } = await makeProject(createProject.input.parse({ name }), boss)
  const asking = { project, account: null, receivedAt: Date.now(), userAgent: null }
  const records = ['a', 'b'].flatMap((anonymousId) => [
    { kind: 'event', name: 'n', anonymousId, sessionId: 's', id: randomUUID() },
    { kind: 'feature', feature: 'f', action: 'used', anonymousId, durationMs: 5 },
    { kind: 'stage', funnel: 'F', stage: 's', stageOrder: 1, anonymousId },
    { kind: 'step', journey: 'J', step: 's', anonymousId },
    { kind: 'response', survey: 'nps', score: 9, anonymousId },
  ])
  const send = () => recordEvents(trackBatch.input.parse({ records }), asking)
  await send()
  await identify({ anonymousId: 'a', userId: 'u' }, { ...asking, key: 'secret' })
  await rollUp(test.connection.db)
  await send()
  return { project, send }
}

it('deletes a project with everything in it, and nothing else', async () => {
  const [{ project, send }, other] = [await fill('Gone'), await fill('Stays')]
  const before = await tablesOf(other.project.id)
  expect((await tablesOf(project.id)).length).toBeGreaterThan(12)
  const wrong = removeProject({ id: project.id, confirm: 'gone' }, boss)
  await expect(wrong).rejects.toMatchObject({ status: 422, errors: [{ path: 'confirm' }] })
  expect((await tablesOf(project.id)).length).toBeGreaterThan(12)

  const receipt = await removeProject({ id: project.id, confirm: 'Gone' }, boss)
  expect(receipt).toMatchObject({ name: 'Gone', deleted: { user_satisfaction: 4, identities: 1 } })
  expect(await tablesOf(project.id)).toEqual([])
  expect(await tablesOf(other.project.id)).toEqual(before)
  await expect(removeProject({ id: project.id, confirm: 'Gone' }, boss)).rejects.toMatchObject({
    status: 404,
  })

  // A server that still remembers the key, or a spool.
  await send()
  await rollUp(test.connection.db)
  expect(await tablesOf(project.id)).not.toEqual([])
  await deleteLeftBehind(test.connection.db)
  expect(await tablesOf(project.id)).toEqual([])
  expect(await tablesOf(other.project.id)).toEqual(before)
})
