import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Db } from '@/db/connect'
import { askMember } from '@/lib/recovery/members/session'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'

let test: TestDatabase
beforeAll(async () => {
  test = await makeDatabase()
})
afterAll(() => test.connection.close())

const member = () => {
  const { hostname, port } = new URL(test.address)
  return { name: 'a', host: hostname, port: Number(port), restPort: 0, tls: false }
}
const backend = async (db: Db) => Number((await db.execute(sql`select pg_backend_pid() as pid`))[0]?.pid)
const answerAfter = (seconds: number) => (db: Db) => db.execute(sql`select pg_sleep(${seconds})`)

it('keeps a connection whose answer is late, and gives up one on which none comes', async () => {
  const first = await askMember(member(), backend)
  await expect(askMember(member(), answerAfter(2), 300)).rejects.toThrow('no answer within 300 ms')
  await sleep(2_500)
  expect(await askMember(member(), backend)).toBe(first)

  await expect(askMember(member(), answerAfter(60), 300)).rejects.toThrow('no answer within 300 ms')
  await expect(askMember(member(), backend)).rejects.toThrow('no answer within')
  await sleep(6_500)
  expect(await askMember(member(), backend)).not.toBe(first)
})

it('asks over a new connection after a fault', async () => {
  const first = await askMember(member(), backend)
  await test.connection.sql`select pg_terminate_backend(${first})`
  await askMember(member(), backend).catch(() => {})
  expect(await askMember(member(), backend)).not.toBe(first)
})
