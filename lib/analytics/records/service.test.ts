import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { insertProject } from '@/db/queries/access/projects'
import type { Project, ProjectCaller } from '@/lib/access/caller'
import { recordEvents } from '@/lib/analytics/events/service'
import { readLatestRecord } from '@/lib/analytics/records/service'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'

let test: TestDatabase
let project: Project

const caller = (): ProjectCaller => ({ project, account: null, receivedAt: Date.now(), userAgent: null })
const send = (...records: object[]) => recordEvents({ records }, caller())

beforeAll(async () => {
  test = await makeDatabase()
  project = (await insertProject(test.connection.db, { name: randomUUID() })) as Project
})
afterAll(() => test.connection.close())

it('finds the newest record of any kind, and of those that came after a time', async () => {
  expect((await readLatestRecord({}, caller())).record).toBeNull()

  const pageUrl = 'https://shop.example/cart?coupon=1'
  await send({ kind: 'event', userId: 'a', type: 'page_view', pageUrl })
  const first = await readLatestRecord({}, caller())
  expect(first.record).toMatchObject({ kind: 'event', title: 'page_view', detail: '/cart', pageUrl })

  const since = new Date(Date.now() + 1).toISOString()
  expect((await readLatestRecord({ since }, caller())).record).toBeNull()
  await new Promise((resolve) => setTimeout(resolve, 5))
  const sent = [
    { kind: 'feature', feature: 'wishlist', action: 'used' },
    { kind: 'stage', funnel: 'checkout', stage: 'cart', stageOrder: 1 },
    { kind: 'step', journey: 'support', step: 'topic' },
    { kind: 'response', survey: 'csat', score: 5 },
  ]
  const titles: unknown[] = []
  for (const record of sent) {
    await send({ ...record, userId: 'b' })
    titles.push((await readLatestRecord({ since }, caller())).record?.title)
  }
  expect(titles).toEqual(['wishlist', 'cart', 'topic', 'csat'])
})

it('takes what is sent now but happened long ago for no answer to whether anything arrives', async () => {
  const since = new Date(Date.now() - 1).toISOString()
  const occurredAt = new Date(Date.now() - 3_600_000).toISOString()
  await send({ kind: 'event', userId: 'c', name: 'late', occurredAt })
  expect((await readLatestRecord({ since }, caller())).record).toBeNull()
})
