import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { KeptPlan } from '@/lib/recovery/failover/plans'

let folder: string
let plans: typeof import('./plans')

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-plans-'))
  process.env.HOLDFAST_DATA_DIR = folder
  process.env.DATABASE_URL = 'postgres://nobody@127.0.0.1:1/none'
  process.env.NEXTAUTH_SECRET = 'a secret for tests only'
  plans = await import('./plans')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function keep(planId: string, expiresInMs: number): Promise<string> {
  const expiresAt = new Date(Date.now() + expiresInMs).toISOString()
  await plans.keepPlan({ planId, expiresAt, approvedBy: null } as KeptPlan)
  return planId
}

it('is used once, whoever tries', async () => {
  const id = await keep('00000000-0000-4000-8000-000000000001', 60_000)
  expect(plans.readPlan(id).planId).toBe(id)
  plans.takePlan(id)
  expect(() => plans.takePlan(id)).toThrow('used already')
  expect(() => plans.readPlan(id)).toThrow('used already')
})

it('expires', async () => {
  const id = await keep('00000000-0000-4000-8000-000000000002', -1)
  expect(() => plans.readPlan(id)).toThrow('expired')
  expect(() => plans.readPlan('00000000-0000-4000-8000-00000000000f')).toThrow('no such plan')
})

it('that was used is not made usable by an approval that comes late', async () => {
  const id = await keep('00000000-0000-4000-8000-000000000003', 60_000)
  expect(plans.readPlan(id).approvedBy).toBeNull()
  await plans.approvePlanAs(id, 'second@test')
  expect(plans.readPlan(id).approvedBy).toBe('second@test')
  plans.takePlan(id)
  await plans.approvePlanAs(id, 'third@test')
  expect(() => plans.takePlan(id)).toThrow('used already')
})
