import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { call, credentials, dataDir } from '@/e2e/fixtures/product'
import { slowness } from '@/scripts/test/slowness'

const BASE = '/api/analytics/user/events'

interface PatroniMember {
  name: string
  role: string
  state: string
}

async function members(): Promise<PatroniMember[]> {
  const restPort = credentials().cluster.members[0]?.restPort
  const response = await fetch(`http://127.0.0.1:${restPort}/cluster`)
  return ((await response.json()) as { members: PatroniMember[] }).members
}

const isLeader = (member: PatroniMember) => member.role === 'leader'

function postmaster(member: string): number {
  try {
    return Number(readFileSync(join(dataDir(), 'cluster', member, 'postmaster.pid'), 'utf8').split('\n')[0])
  } catch {
    return 0
  }
}

/** Records without end until told to stop; returns what was acknowledged and when. */
function recordSteadily(name: string) {
  const acknowledged: string[] = []
  const answers: { at: number; status: number }[] = []
  let going = true
  const client = async () => {
    while (going) {
      const id = randomUUID()
      const { status } = await call('POST', `${BASE}/track`, {
        body: { id, name, userId: `u-${id.slice(0, 2)}`, occurredAt: new Date().toISOString() },
      })
      answers.push({ at: Date.now(), status })
      if (status === 202) acknowledged.push(id)
      else await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  const clients = Array.from({ length: 8 }, client)
  return {
    answers,
    stop: async () => {
      going = false
      await Promise.all(clients)
      return acknowledged
    },
  }
}

async function storedIds(name: string): Promise<string[]> {
  const ids: string[] = []
  let cursor = ''
  do {
    const { body } = await call(
      'GET',
      `${BASE}?from=-1d&name=${name}&limit=1000${cursor && `&cursor=${cursor}`}`,
    )
    ids.push(...((body.items as { id: string }[] | undefined) ?? []).map((item) => item.id))
    cursor = (body.nextCursor as string | null) ?? ''
  } while (cursor)
  return ids
}

async function expectAllStored(name: string, acknowledged: string[]): Promise<void> {
  const missing = async () => {
    const stored = await storedIds(name)
    expect(new Set(stored).size).toBe(stored.length)
    const there = new Set(stored)
    return acknowledged.filter((id) => !there.has(id)).length
  }
  await expect.poll(missing, { timeout: 20_000 * slowness }).toBe(0)
}

test('the leader is killed: the spool takes what comes, and no acknowledged event is missing or there twice', async () => {
  const name = `kill-${randomUUID()}`
  const load = recordSteadily(name)
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  const killedAt = Date.now()
  process.kill(postmaster((await members()).find(isLeader)?.name ?? ''), 'SIGKILL')
  await expect
    .poll(async () => (await members()).find(isLeader)?.state, { timeout: 10_000 * slowness })
    .toBe('running')
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  const acknowledged = await load.stop()
  const times = load.answers.map(({ at }) => at).filter((at) => at > killedAt)
  const gaps = times.map((at, index) => at - (times[index - 1] ?? killedAt))
  console.log(
    `${acknowledged.length} events acknowledged; after the kill nobody waited longer than ${Math.max(...gaps)} ms`,
  )
  expect(new Set(load.answers.map(({ status }) => status))).toEqual(new Set([202]))
  await expectAllStored(name, acknowledged)
})

test('the standby is killed: writes go on, and it is synchronous again', async () => {
  const name = `standby-${randomUUID()}`
  const load = recordSteadily(name)
  await new Promise((resolve) => setTimeout(resolve, 500))
  const standby = (await members()).find((member) => !isLeader(member))?.name ?? ''
  const killed = postmaster(standby)
  process.kill(killed, 'SIGKILL')
  await expect
    .poll(() => ![0, killed].includes(postmaster(standby)), { timeout: 20_000 * slowness })
    .toBe(true)
  const role = async () => (await members()).find((member) => member.name === standby)?.role
  await expect.poll(role, { timeout: 20_000 * slowness }).toBe('sync_standby')
  const acknowledged = await load.stop()
  expect(load.answers.every(({ status }) => status === 202 || status === 503)).toBe(true)
  await expectAllStored(name, acknowledged)
})

test('the supervisor of the cluster is killed: another takes over, and no acknowledged event is missing', async () => {
  const name = `supervisor-${randomUUID()}`
  const supervisor = () => JSON.parse(readFileSync(join(dataDir(), 'cluster', 'lock'), 'utf8')).pid as number
  const load = recordSteadily(name)
  await new Promise((resolve) => setTimeout(resolve, 500))
  const killed = supervisor()
  process.kill(killed, 'SIGKILL')
  await expect
    .poll(
      () => {
        try {
          return supervisor() !== killed
        } catch {
          return false
        }
      },
      { timeout: 15_000 * slowness },
    )
    .toBe(true)
  const roles = async () => (await members().catch(() => [])).map((member) => member.role)
  await expect.poll(roles, { timeout: 20_000 * slowness }).toEqual(['leader', 'sync_standby'])
  await expect.poll(() => load.answers.at(-1)?.status, { timeout: 10_000 * slowness }).toBe(202)
  const acknowledged = await load.stop()
  expect(acknowledged.length).toBeGreaterThan(0)
  await expectAllStored(name, acknowledged)
})
