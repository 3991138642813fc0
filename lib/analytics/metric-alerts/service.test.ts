import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AccountCaller, ProjectCaller } from '@/lib/access/caller'
import { trackBatch } from '@/lib/analytics/events/contract'
import { recordEvents } from '@/lib/analytics/events/service'
import * as contract from '@/lib/analytics/metric-alerts/contract'
import * as service from '@/lib/analytics/metric-alerts/service'
import { watchMetrics } from '@/lib/analytics/metric-alerts/watch'
import { followLeader } from '@/lib/database'
import { maintainPartitions } from '@/lib/jobs/maintain-partitions'
import { keepChannel } from '@/lib/recovery/alerts/channels/service'
import { deliverDue, endDeliveries } from '@/lib/recovery/alerts/deliver'
import { knownAlerts } from '@/lib/recovery/alerts/memory'
import { findChannels } from '@/lib/recovery/alerts/round'
import { readAlerts, readFiringAlerts } from '@/lib/recovery/alerts/service'
import { account, caller as callerOf } from '@/scripts/test/caller'
import { makeDatabase, type TestDatabase } from '@/scripts/test/database'

/** Metric alerts, made to fire and to resolve by the records that they watch. */

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const admin = callerOf('admin')

let test: TestDatabase
let folder: string
/** All is counted back from here; the rounds go on from it. */
let start: number

beforeAll(async () => {
  test = await makeDatabase()
  folder = mkdtempSync(join(tmpdir(), 'holdfast-metrics-'))
  process.env.DATABASE_URL = test.address
  process.env.HOLDFAST_DATA_DIR = folder
  await followLeader()
  await maintainPartitions()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))
beforeEach(() => {
  start = Date.now()
})
afterEach(async () => {
  for (const { id } of (await service.findMetricAlerts({}, caller())).alerts) await forget(id)
  await watchMetrics()
})

const caller = (role?: 'viewer' | 'operator'): ProjectCaller => ({
  project: test.project,
  account: role ? account('viewer', { memberships: [{ projectId: test.project.id, role }] }) : null,
  receivedAt: Date.now(),
  userAgent: null,
})
const byKey = (keyId: string): ProjectCaller => ({ ...caller(), key: 'secret', keyId })

type Given = Partial<contract.MetricAlertDefinition> & Pick<contract.MetricAlertDefinition, 'metric'>
const parse = (given: Given) =>
  contract.createMetricAlert.input.parse({ name: 'Watched', condition: 'above', bound: 1, ...given })
const make = async (given: Given, who = caller()) => (await service.makeMetricAlert(parse(given), who)).alert
const find = async (id: string) => {
  const { alerts } = await service.findMetricAlerts({}, caller())
  const found = alerts.find((alert) => alert.id === id)
  if (!found) throw new Error(`no metric alert ${id}`)
  return found
}
const replace = async (id: string, given: Given, who = caller()) =>
  (await service.changeMetricAlert(contract.replaceMetricAlert.input.parse({ id, ...parse(given) }), who))
    .alert
const forget = (id: string, who = caller('operator')) => service.forgetMetricAlert({ id }, who)

/** Records so many hours ago. */
async function record(hoursAgo: number, records: object[]): Promise<void> {
  const occurredAt = new Date(start - hoursAgo * HOUR).toISOString()
  const body = { records: records.map((one, index) => ({ userId: `u${index}`, occurredAt, ...one })) }
  const receipt = await recordEvents(trackBatch.input.parse(body), caller())
  expect(receipt.rejected).toEqual([])
}
const events = (name: string, count: number) =>
  Array.from({ length: count }, () => ({ kind: 'event', type: 'custom', name }))
const scores = (...given: number[]) => given.map((score) => ({ kind: 'response', survey: 'nps', score }))
const uses = (feature: string, good: number, bad: number) =>
  [...Array(good).fill(true), ...Array(bad).fill(false)].map((success) => ({
    kind: 'feature',
    feature,
    action: 'used',
    success,
  }))
const runs = (funnel: string, completed: number, left: number) =>
  Array.from({ length: completed + left }, (_, run) => [
    { kind: 'stage', funnel, runId: `${funnel}-${run}-${start}`, stage: 'cart', stageOrder: 1 },
    ...(run < completed
      ? [{ kind: 'stage', funnel, runId: `${funnel}-${run}-${start}`, completed: true }]
      : []),
  ]).flatMap((run, index) => run.map((one) => ({ ...one, userId: `f${index}` })))

/** What is watched after a round so many minutes from the start, when all was made and recorded that is. */
async function roundAt(minutes: number, id: string) {
  await watchMetrics(start + (minutes + 1) * MINUTE)
  return find(id)
}

/** The same after rounds that are not too far apart for anybody to say that something held. */
async function roundsTo(minutes: number, id: string, from = minutes - 20) {
  for (let at = from; at < minutes; at += 5) await roundAt(at, id)
  return roundAt(minutes, id)
}

describe('a metric alert', () => {
  it('on an event that comes too often fires, and resolves when it has been well for a time', async () => {
    const { id, state, detail } = await make({ metric: { kind: 'event', name: 'crash' }, bound: 5 })
    expect({ state, detail }).toEqual({ state: 'unknown', detail: 'not measured yet' })
    await record(1, events('crash', 4))
    expect(await roundAt(0, id)).toMatchObject({ state: 'ok', value: 4, before: null })
    await record(1, events('crash', 1))
    expect(await roundAt(1, id)).toMatchObject({
      ...{ state: 'firing', value: 5, detail: '5 in the last 24 h' },
    })
    // A day later none is left; for a quarter of an hour it may come again.
    const day = 24 * 60
    expect(await roundAt(day, id)).toMatchObject({ state: 'firing', value: 0 })
    expect(await roundsTo(day + 14, id, day + 4)).toMatchObject({ state: 'firing' })
    expect(await roundAt(day + 15, id)).toMatchObject({ state: 'resolved' })
  })

  it('on an event that does not come any more fires at nothing', async () => {
    const { id } = await make({ metric: { kind: 'event', name: 'never' }, condition: 'below', bound: 1 })
    expect(await roundAt(0, id)).toMatchObject({ state: 'firing', value: 0, detail: '0 in the last 24 h' })
    await record(0, events('never', 1))
    expect(await roundAt(1, id)).toMatchObject({ state: 'firing', value: 1 })
    expect(await roundsTo(20, id)).toMatchObject({ state: 'resolved' })
  })

  it('on a fall and on a rise compares with as many hours before', async () => {
    const metric = { kind: 'event' as const, name: 'order' }
    const fall = await make({ metric, condition: 'falls', bound: 0.5, atLeast: 10 })
    const rise = await make({ metric, condition: 'rises', bound: 0.5, atLeast: 10 })
    await record(30, events('order', 9))
    await record(2, events('order', 4))
    expect(await roundAt(0, fall.id)).toMatchObject({
      ...{ state: 'unknown', value: 4, before: 9, detail: '9 events in the 24 h before, at least 10 needed' },
    })
    await record(30, events('order', 1))
    expect(await roundAt(1, fall.id)).toMatchObject({
      ...{ state: 'firing', value: 4, before: 10 },
      detail: '4 in the last 24 h, 10 in the 24 h before: −60%',
    })
    expect(await find(rise.id)).toMatchObject({ state: 'ok' })
    await record(2, events('order', 11))
    expect(await roundAt(2, rise.id)).toMatchObject({
      ...{ state: 'firing', detail: '15 in the last 24 h, 10 in the 24 h before: +50%' },
    })
  })

  it('on a feature’s success rate says nothing of too few, then fires', async () => {
    const metric = { kind: 'feature' as const, name: 'export' }
    const { id } = await make({ metric, condition: 'below', bound: 0.9, atLeast: 10 })
    expect(await roundAt(0, id)).toMatchObject({ state: 'unknown', value: null })
    await record(1, uses('export', 1, 8))
    expect(await roundAt(1, id)).toMatchObject({
      ...{ state: 'unknown', detail: '9 records of the feature in the last 24 h, at least 10 needed' },
    })
    await record(1, uses('export', 7, 0))
    expect(await roundAt(2, id)).toMatchObject({
      ...{ state: 'firing', value: 0.5, detail: '50% of 16 records of the feature in the last 24 h' },
    })
    await record(0, uses('export', 70, 0))
    expect(await roundsTo(23, id)).toMatchObject({ state: 'resolved' })
  })

  it('on a funnel’s conversion fires; of a funnel that there is not it says so', async () => {
    const { id } = await make({
      metric: { kind: 'funnel', name: 'checkout' },
      condition: 'below',
      bound: 0.5,
    })
    expect(await roundAt(0, id)).toMatchObject({
      state: 'unknown',
      detail: 'There is no funnel of this name.',
    })
    await record(1, runs('checkout', 1, 3))
    expect(await roundAt(1, id)).toMatchObject({
      ...{ state: 'firing', value: 0.25, detail: '25% of 4 entries in the last 24 h' },
    })
    await record(0, runs('checkout', 4, 0))
    expect(await roundsTo(22, id)).toMatchObject({ state: 'resolved' })
  })

  it('on NPS fires at a score, and at a fall in points, whatever its sign', async () => {
    const metric = { kind: 'survey' as const, survey: 'nps' as const }
    const level = await make({ metric, condition: 'below', bound: 0, atLeast: 2 })
    const fall = await make({ metric, condition: 'falls', bound: 30, atLeast: 2 })
    await record(30, scores(10, 8))
    await record(1, scores(3, 8, 7, 8))
    expect(await roundAt(0, level.id)).toMatchObject({
      ...{ state: 'firing', value: -25, detail: '-25 of 4 responses in the last 24 h' },
    })
    expect(await find(fall.id)).toMatchObject({
      state: 'firing',
      detail: '-25 of 4 responses in the last 24 h, 50 of 2 responses in the 24 h before: −75 points',
    })
    await record(0, scores(...Array(20).fill(10)))
    expect(await roundsTo(21, level.id)).toMatchObject({ state: 'resolved' })
  })

  it('with another bound does not wait to resolve; turned off it says nothing', async () => {
    const metric = { kind: 'event' as const, name: 'signup' }
    await record(1, events('signup', 3))
    const { id } = await make({ metric, bound: 3 })
    expect(await roundAt(-3, id)).toMatchObject({ state: 'firing' })
    expect(await replace(id, { metric, bound: 4 })).toMatchObject({ detail: 'not measured yet' })
    expect(await roundAt(1, id)).toMatchObject({ state: 'resolved', bound: 4 })
    await replace(id, { metric, bound: 3 })
    expect(await roundAt(2, id)).toMatchObject({ state: 'firing' })
    expect(await replace(id, { metric, bound: 3, active: false })).toMatchObject({
      state: 'off',
      detail: 'it is off',
    })
    expect(await roundAt(3, id)).toMatchObject({ state: 'off', value: null, since: null })
  })
})

describe('who is told of a metric alert', () => {
  let receiver: Server
  const got: { kind: string; title: string; url: string; observed: object }[] = []
  beforeAll(async () => {
    receiver = createServer((request, response) => {
      let body = ''
      request.on('data', (part) => (body += part))
      request.on('end', () => {
        got.push({ ...JSON.parse(body), at: request.url })
        response.end()
      })
    })
    await new Promise<void>((listening) => receiver.listen(0, '127.0.0.1', listening))
  })
  afterAll(() => receiver.close())

  const keep = (name: string, tells: ('cluster' | 'metrics')[]) => {
    const { port } = receiver.address() as AddressInfo
    const target = { kind: 'webhook' as const, url: `http://127.0.0.1:${port}/${name}` }
    return keepChannel({ id: crypto.randomUUID(), name, enabled: true, tells, target }, admin)
  }
  async function delivered() {
    deliverDue(findChannels() ?? [])
    await expect.poll(() => knownAlerts().outbox).toEqual([])
  }

  it('channels for them get each change once, the end of one that is deleted as well; the cluster’s page and strangers see nothing', async () => {
    await keep('metrics', ['metrics'])
    await keep('cluster', ['cluster'])
    await record(1, events('refund', 2))
    const { id } = await make({ name: 'Refunds', metric: { kind: 'event', name: 'refund' }, bound: 2 })
    await watchMetrics()
    await watchMetrics()
    await delivered()
    expect(got).toMatchObject([
      {
        ...{ kind: 'firing', level: 'warning', title: 'Refunds', at: '/metrics' },
        project: { id: test.project.id, name: 'Test' },
        observed: { value: 2, unit: 'events', detail: '2 in the last 24 h' },
        url: expect.stringContaining(`/metric-alerts?project=${test.project.id}`),
      },
    ])
    const member: AccountCaller = { ...admin, account: caller('viewer').account as AccountCaller['account'] }
    const banner = async (who: AccountCaller) => (await readFiringAlerts({}, who)).alerts
    expect(await banner(member)).toMatchObject([
      { title: 'Refunds (Test)', page: `/metric-alerts?project=${test.project.id}` },
    ])
    expect(await banner(callerOf('operator'))).toEqual([])
    expect(JSON.stringify(await readAlerts())).not.toContain('Refunds')

    await forget(id)
    await watchMetrics()
    await delivered()
    expect(got).toHaveLength(2)
    expect(got[1]).toMatchObject({
      ...{ kind: 'resolved', title: 'Refunds', observed: { detail: 'nobody watches it any more' } },
    })
    expect(await banner(member)).toEqual([])
    await endDeliveries()
  })
})

describe('whoever asks for what makes no sense, or may not', () => {
  it.each([
    [{ metric: { kind: 'event', name: 'x' }, bound: 0 }, 'At 0 it would always fire'],
    [{ metric: { kind: 'event', name: 'x' }, bound: 1.5 }, 'A whole number is needed'],
    [{ metric: { kind: 'feature', name: 'x' }, bound: 90 }, 'A rate is from 0 to 1'],
    [{ metric: { kind: 'survey', survey: 'ces' }, bound: 8 }, 'This score is from 1 to 7'],
    [
      { metric: { kind: 'event', name: 'x' }, condition: 'falls', bound: 2 },
      'A share that is lost is from 0 to 1',
    ],
    [{ metric: { kind: 'event', name: 'x' }, condition: 'rises', bound: 0 }, 'A change has to be above 0'],
    [{ metric: { kind: 'event', name: 'x' }, windowHours: 0 }, 'windowHours'],
    [{ metric: { kind: 'elsewhere', name: 'x' } }, 'metric'],
  ])('%j: %s', (given, message) => {
    const { error } = contract.createMetricAlert.input.safeParse({
      ...{ name: 'x', condition: 'above', bound: 1 },
      ...given,
    })
    expect(JSON.stringify(error?.issues)).toContain(message)
  })

  it('is refused: another key, and any where nobody knows the maker; its maker and an operator are not', async () => {
    const metric = { kind: 'event' as const, name: 'x' }
    const [key, otherKey, operator] = [byKey('one'), byKey('two'), caller('operator')]
    const made = await make({ metric }, key)
    const ofOperator = await make({ metric }, operator)
    const ofNobodyKnown = await make({ metric }, key)
    await test.connection.sql`update metric_alerts set saved_by = null where id = ${ofNobodyKnown.id}`
    const strangers: [string, ProjectCaller][] = [
      [made.id, otherKey],
      [made.id, caller('viewer')],
      [ofOperator.id, key],
      [ofNobodyKnown.id, key],
    ]
    for (const [id, stranger] of strangers) {
      await expect(replace(id, { metric, bound: 2 }, stranger)).rejects.toMatchObject({ status: 403 })
      await expect(forget(id, stranger)).rejects.toMatchObject({ status: 403 })
    }
    const { alerts } = await service.findMetricAlerts({}, caller())
    expect(alerts).toEqual([made, ofOperator, ofNobodyKnown])

    expect(await replace(made.id, { metric, bound: 2 }, key)).toMatchObject({ bound: 2 })
    expect(await replace(made.id, { metric, bound: 3 }, operator)).toMatchObject({ bound: 3 })
    await forget(made.id, key)
    await forget(ofOperator.id)
    await forget(ofNobodyKnown.id)
    await expect(forget(made.id, key)).rejects.toMatchObject({ status: 404 })
  })

  it('is refused: an operator who has become a viewer', async () => {
    const metric = { kind: 'event' as const, name: 'x' }
    const who = caller('operator')
    const { id } = await make({ metric }, who)
    const memberships = [{ projectId: test.project.id, role: 'viewer' as const }]
    const viewer = { ...who, account: account('viewer', { id: who.account?.id, memberships }) }
    await expect(replace(id, { metric }, viewer)).rejects.toMatchObject({ status: 403 })
    await expect(forget(id, viewer)).rejects.toMatchObject({ status: 403 })
  })

  it('is refused: a viewer, another project, one too many', async () => {
    const metric = { kind: 'event' as const, name: 'x' }
    await expect(make({ metric }, caller('viewer'))).rejects.toMatchObject({ status: 403 })
    const { id } = await make({ metric }, caller('operator'))
    const elsewhere = { ...caller(), project: { ...test.project, id: crypto.randomUUID() } }
    await expect(forget(id, elsewhere)).rejects.toMatchObject({ status: 404 })
    const all = await Promise.allSettled(Array.from({ length: 52 }, () => make({ metric })))
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(49)
  })
})
