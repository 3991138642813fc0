import { readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { writeDurably } from '@/lib/durable'
import { Problem } from '@/lib/http/problem'
import type { Plan } from '@/lib/recovery/failover/contract'
import { recoveryFolder } from '@/lib/recovery/folder'

/** A plan, and what it is bound to. */
export interface KeptPlan extends Plan {
  topologyKey: string
}

/** A plan is good for so long, in milliseconds. */
export const PLAN_MS = 60_000
/** Plans are kept for a day, to tell one that was used from one that never was. */
const KEPT_MS = 86_400_000

const folder = () => recoveryFolder('plans')
const pathOf = (planId: string) => join(folder(), `${planId}.json`)
const approvalPathOf = (planId: string) => join(folder(), `${planId}.approved`)
const usedPathOf = (planId: string) => join(folder(), `${planId}.used`)

/** Keeps a plan, for whichever process is asked to carry it out. */
export async function keepPlan(plan: KeptPlan): Promise<void> {
  removeOld()
  await writeDurably(pathOf(plan.planId), JSON.stringify(plan))
}

/** A plan that may still be used. @throws Problem 409 unknown, used or expired */
export function readPlan(planId: string): KeptPlan {
  const plan = load(pathOf(planId))
  if (!plan) {
    const used = load(usedPathOf(planId)) !== undefined
    throw new Problem(
      409,
      used ? 'This plan was used already: a plan is used once.' : 'There is no such plan.',
    )
  }
  if (Date.parse(plan.expiresAt) < Date.now())
    throw new Problem(409, 'This plan has expired: the cluster may look different by now. Make a new one.')
  return { ...plan, approvedBy: readApproval(planId) }
}

/** Keeps who approved a plan, beside it: a plan that was used meanwhile stays used. */
export async function approvePlanAs(planId: string, approvedBy: string): Promise<void> {
  await writeDurably(approvalPathOf(planId), approvedBy)
}

function readApproval(planId: string): string | null {
  try {
    return readFileSync(approvalPathOf(planId), 'utf8')
  } catch {
    return null
  }
}

/** Marks a plan as used: of several that try at once, one succeeds. @throws Problem 409 */
export function takePlan(planId: string): void {
  try {
    renameSync(pathOf(planId), usedPathOf(planId))
  } catch {
    throw new Problem(409, 'This plan was used already: a plan is used once.')
  }
}

function load(path: string): KeptPlan | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as KeptPlan
  } catch {
    return undefined
  }
}

function removeOld(): void {
  for (const name of readdirSync(folder())) {
    const path = join(folder(), name)
    const made = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()
    if (Date.now() - made > KEPT_MS) rmSync(path, { force: true })
  }
}
