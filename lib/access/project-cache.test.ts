import { afterAll, beforeAll, expect, it } from 'vitest'
import { insertKey } from '@/db/queries/access/keys'
import { knownKey } from '@/lib/access/project-cache'
import { hashKey, makeKey } from '@/lib/access/secrets'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'

let test: TestDatabase
const key = makeKey('write')

beforeAll(async () => {
  test = await makeDatabase()
  await insertKey(test.connection.db, {
    projectId: test.project.id,
    kind: 'write',
    name: 'a key',
    hint: key.slice(0, 7),
    hash: hashKey(key),
    ratePerSecond: 10,
    createdBy: 'a test',
  })
})
afterAll(() => test.connection.close())

it('looks up so many unknown keys of one address, and goes on knowing those that there are', async () => {
  const flood = Array.from({ length: 200 }, () => knownKey(makeKey('write'), '192.0.2.1'))
  const answers = await Promise.allSettled(flood)
  const refused = answers.filter((answer) => answer.status === 'rejected')
  expect(refused.length).toBeGreaterThan(80)
  for (const { reason } of refused) expect(reason).toMatchObject({ status: 429 })
  expect(await knownKey(key, '192.0.2.2')).toMatchObject({ kind: 'write', project: { name: 'Test' } })
  // Known by now: whoever sends it.
  expect(await knownKey(key, '192.0.2.1')).toMatchObject({ kind: 'write' })
})
