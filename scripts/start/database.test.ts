import { afterAll, beforeAll, expect, it } from 'vitest'
import { prepareDatabase } from '@/scripts/start/database'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'

let test: TestDatabase

beforeAll(async () => {
  test = await makeDatabase()
})
afterAll(() => test.connection.close())

it('tells which migration comes next before it changes anything, and nothing where there is none', async () => {
  const told: string[] = []
  const prepare = async () => {
    const { close } = await prepareDatabase(test.address, async (_db, migration) => {
      told.push(migration)
    })
    await close()
  }
  await prepare()
  expect(told).toEqual([])
  // As a database of the version before has it.
  const { sql } = test.connection
  const [last] = await sql`delete from drizzle.__drizzle_migrations
    where created_at = (select max(created_at) from drizzle.__drizzle_migrations) returning created_at`
  await sql`drop table ended_sessions`
  await sql`alter table users drop column session_version`
  await prepare()
  expect(last).toBeDefined()
  expect(told).toEqual([expect.stringMatching(/^0006_/)])
})
