import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { recoveryJournal } from '@/db/schema'
import { databaseAway, followLeader } from '@/lib/database'
import { eventually } from '@/scripts/cluster/testing'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'
import { type DatabaseProxy, openProxy } from '@/scripts/test/proxy'
import { appendJournal } from './file'
import { mirrorJournal } from './mirror'
import { listJournal } from './service'

let database: TestDatabase
let proxy: DatabaseProxy
let folder: string
const path = () => join(folder, 'recovery/journal.ndjson')
const note = (message: string) => ({
  kind: 'plan',
  actor: 'operator',
  message,
  detail: { z: 1, a: [2, 'é'] },
})
const list = () => listJournal({ limit: 200 })
const copied = () => database.connection.db.select().from(recoveryJournal).orderBy(recoveryJournal.seq)

beforeAll(async () => {
  database = await makeDatabase()
  proxy = await openProxy(database.address)
  folder = mkdtempSync(join(tmpdir(), 'holdfast-mirror-'))
  process.env.DATABASE_URL = proxy.address
  process.env.HOLDFAST_DATA_DIR = folder
  await followLeader()
})
beforeEach(async () => {
  rmSync(path(), { force: true })
  await database.connection.db.delete(recoveryJournal)
  for (let index = 1; index <= 4; index++) await appendJournal(note(`n${index}`))
})
afterAll(async () => {
  await proxy.mend()
  rmSync(folder, { recursive: true, force: true })
})

it('is copied entry by entry, once, also by two at the same time', async () => {
  expect(await list()).toMatchObject({ total: 4, mirrored: 0, verified: true })
  await Promise.all([mirrorJournal(), mirrorJournal()])
  await appendJournal(note('n5'))
  await mirrorJournal()
  expect(await list()).toMatchObject({ total: 5, mirrored: 5, verified: true })
  const rows = await copied()
  expect(rows.map(({ seq, message }) => [seq, message])).toEqual(
    [1, 2, 3, 4, 5].map((seq) => [seq, `n${seq}`]),
  )
  const last = JSON.parse(readFileSync(path(), 'utf8').trimEnd().split('\n').at(-1) ?? '')
  const { chain: _, at, ...row } = rows.at(-1) ?? ({} as never)
  expect({ ...row, at: at.toISOString() }).toEqual(last)
  // The hash is of the text: the order of keys is kept.
  expect(JSON.stringify(row.detail)).toBe(JSON.stringify(last.detail))
})

it('whose end was cut off is found out, and the copy keeps what was cut', async () => {
  await mirrorJournal()
  const lines = readFileSync(path(), 'utf8').trimEnd().split('\n')
  writeFileSync(path(), `${lines.slice(0, 2).join('\n')}\n`)
  expect(await list()).toMatchObject({ total: 2, verified: false, brokenAt: 3 })
  await mirrorJournal()
  expect(await copied()).toHaveLength(4)
})

it('that was cut and written on is found out, though its chain is whole', async () => {
  await mirrorJournal()
  const lines = readFileSync(path(), 'utf8').trimEnd().split('\n')
  writeFileSync(path(), `${lines.slice(0, 3).join('\n')}\n`)
  await appendJournal(note('another fourth'))
  expect(await list()).toMatchObject({ total: 4, verified: false, brokenAt: 4 })
  await mirrorJournal()
  expect((await copied()).map(({ message }) => message)).toEqual(['n1', 'n2', 'n3', 'n4'])
})

it('is read and written with no database, and copied when there is one again', async () => {
  await proxy.cut()
  await eventually('the absence is known', async () => {
    await followLeader()
    return databaseAway()
  })
  await appendJournal(note('n5'))
  expect(await list()).toMatchObject({ total: 5, mirrored: null, verified: true })
  await proxy.mend()
  await eventually('the database answers', async () => {
    await followLeader()
    return !databaseAway()
  })
  await mirrorJournal()
  expect(await list()).toMatchObject({ total: 5, mirrored: 5, verified: true })
})
