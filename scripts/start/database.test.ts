import { randomUUID } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { connect } from '@/db/connect'
import { migrate } from '@/db/queries/migrate'
import { prepareDatabase } from '@/scripts/start/database'
import { makeEmptyDatabase } from '@/scripts/test/database'

/** A database as the version has left it whose last migration is this one. */
async function databaseOf(version: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-migrations-'))
  cpSync('db/migrations', folder, { recursive: true })
  const path = join(folder, 'meta/_journal.json')
  const journal = JSON.parse(readFileSync(path, 'utf8'))
  const last = journal.entries.findIndex(({ tag }: { tag: string }) => tag === version)
  writeFileSync(path, JSON.stringify({ ...journal, entries: journal.entries.slice(0, last + 1) }))
  const address = await makeEmptyDatabase()
  const connection = connect(address, { max: 1 })
  await migrate(connection, folder)
  await connection.close()
  rmSync(folder, { recursive: true })
  return address
}

it('tells which migration comes next before it changes anything, and leaves everybody in the projects that they saw', async () => {
  const address = await databaseOf('0006_sessions')
  const before = connect(address, { max: 1 })
  const [shop, other] = [randomUUID(), randomUUID()].sort()
  await before.sql`insert into projects (id, name) values (${shop ?? ''}, 'Shop'), (${other ?? ''}, 'Other')`
  await before.sql`insert into users (email, role, password_hash)
    values ('admin@a', 'admin', 'x'), ('operator@a', 'operator', 'x'), ('viewer@a', 'viewer', 'x')`
  const told: string[] = []
  const prepare = async () => {
    const { close } = await prepareDatabase(address, async (_db, migration) => {
      told.push(migration)
      expect(await before.sql`select to_regclass('memberships') as there`).toEqual([{ there: null }])
    })
    await close()
  }
  await prepare()
  expect(told).toEqual([expect.stringMatching(/^0007_/)])
  const now = await before.sql`select email, m.role, project_id as project from memberships m
    join users on users.id = user_id order by email, project_id`
  expect(now.map(({ email, role, project }) => [email, role, project])).toEqual([
    ['operator@a', 'operator', shop],
    ['operator@a', 'operator', other],
    ['viewer@a', 'viewer', shop],
    ['viewer@a', 'viewer', other],
  ])
  await prepare()
  expect(told).toHaveLength(1)
  await before.close()
})
