import type { Check, Mode } from '@/lib/recovery/failover/contract'
import type { MemberView, Topology } from '@/lib/recovery/topology/service'

/** What the checks look at. */
export interface Situation {
  mode: Mode
  topology: Topology
  candidate: MemberView | null
  /** Bytes that would be lost; null if unknown. */
  lossBytes: number | null
  /** The id of an operation under way. */
  running: string | null
  /** Whether a backup of ours is being made. */
  backing: boolean
}

type Verdict = Pick<Check, 'status' | 'observed'>
/** One check of a situation; null where it says nothing. */
export type CheckMaker = (situation: Situation) => Check | null

export const pass = (observed: string): Verdict => ({ status: 'pass', observed })
export const fail = (observed: string): Verdict => ({ status: 'fail', observed })
export const warn = (observed: string): Verdict => ({ status: 'warn', observed })
/** No operator may go on in spite of it. */
export const never = { overridable: false }
/** An operator may, by naming the loss. */
export const byLoss = { overridable: true }
