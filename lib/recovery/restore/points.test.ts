import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { listRestorePoints, nameRestorePoint } from '@/lib/recovery/restore/points'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'

let test: TestDatabase
const folder = mkdtempSync(join(tmpdir(), 'holdfast-points-'))

beforeAll(async () => {
  test = await makeDatabase()
  process.env.HOLDFAST_DATA_DIR = folder
})
afterAll(async () => {
  await test.connection.close()
  rmSync(folder, { recursive: true, force: true })
})

it('a moment has its place in the WAL and in the journal, and its name once', async () => {
  const made = await nameRestorePoint('before-the-import', 'tester', test.connection.db)
  expect(made).toMatchObject({ name: 'before-the-import', actor: 'tester', timeline: expect.any(Number) })
  expect(listRestorePoints()).toEqual([made])
  await expect(nameRestorePoint('before-the-import', 'tester', test.connection.db)).rejects.toMatchObject({
    status: 409,
  })
})

it('a role that may not name moments is told so, and nothing is in the journal', async () => {
  const role = `nobody_${Date.now()}`
  const { db } = test.connection
  await db.execute(sql.raw(`create role ${role}`))
  try {
    const tried = db.transaction(async (tx) => {
      await tx.execute(sql.raw(`set local role ${role}`))
      await nameRestorePoint('not-mine', 'tester', tx)
    })
    await expect(tried).rejects.toMatchObject({ status: 409, detail: expect.stringContaining('grant') })
    expect(listRestorePoints().map(({ name }) => name)).toEqual(['before-the-import'])
  } finally {
    await db.execute(sql.raw(`drop role ${role}`))
  }
})
