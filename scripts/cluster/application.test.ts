import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { type Connection, connect, findLeader } from '@/db/connect'
import { checkpoint, startBaseBackup, stopBaseBackup } from '@/db/queries/recovery/base-backup'
import { liftFence } from '@/db/queries/recovery/fence'
import { readMemberFacts } from '@/db/queries/recovery/member-facts'
import { FUNCTIONS, ROLES, SETTINGS } from './application'

/** The role that the application is given, on a real cluster. */

let connection: Connection
beforeAll(async () => {
  connection = connect(await findLeader(inject('applicationAddress')), { max: 1, lasting: true })
})
afterAll(() => connection.close())

it.each([
  "copy (select 1) to program 'cat'",
  "create temp table read (line text); copy read from '/etc/passwd'",
  "select pg_read_file('PG_VERSION')",
  "select lo_import('/etc/passwd')",
  'create role another',
  'alter role holdfast_app superuser',
  'create database another',
  "alter system set archive_command = 'true'",
  'select * from pg_authid',
  'set role holdfast',
  "create function f() returns int language c as 'x'",
])('may not: %s', async (statement) => {
  await expect(connection.sql.unsafe(statement)).rejects.toThrow(
    /permission denied|must be superuser|untrusted/,
  )
})

it('is granted on a cluster of one’s own what it is here', () => {
  const readme = readFileSync('deploy/README.md', 'utf8')
  const [granted = '', executes = ''] = /```sql([\s\S]*?)```/.exec(readme)?.[1]?.split('\\connect') ?? []
  expect(granted).toContain(`grant ${ROLES.join(', ')} to holdfast;`)
  expect(granted).toContain(`grant alter system on parameter ${SETTINGS.join(', ')} to holdfast;`)
  expect(executes.replace(/\s+/g, ' ')).toContain(
    `grant execute on function ${FUNCTIONS.join(', ')} to holdfast;`,
  )
})

it('owns its database, and may do what recovery needs', async () => {
  const { db, sql } = connection
  const [owner] = await sql`
    select pg_get_userbyid(datdba) = current_user as own from pg_database where datname = current_database()`
  expect(owner?.own).toBe(true)
  await sql.unsafe('create table made_here (id int); drop table made_here')
  expect(await readMemberFacts(db)).toMatchObject({ standby: false, archiving: true })
  expect((await sql`select count(*)::int as n from pg_ls_archive_statusdir()`)[0]?.n).toBeGreaterThanOrEqual(
    0,
  )
  await checkpoint(db)
  await startBaseBackup(db, 'a test')
  expect(Number((await stopBaseBackup(db)).stopLsn)).toBeGreaterThan(0)
  await sql`select pg_switch_wal()`
  await sql`select pg_create_restore_point('a test')`
  await liftFence(db)
})
