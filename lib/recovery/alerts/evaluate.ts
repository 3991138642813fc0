import type { AlertState, Level, Thresholds } from '@/lib/recovery/alerts/contract'

/** What was seen of a rule. A value of null is not known; a rule that does not apply is well. */
export interface Observation {
  value: number | null
  detail: string
  applies?: false
}

/** One threshold: whether it counts as crossed, and since when observations say the contrary; milliseconds since 1970. */
interface Latch {
  on: boolean
  turningSince: number | null
}

/** Where a rule is; times in milliseconds since 1970. */
export interface RuleState {
  state: AlertState
  /** Of what fires. */
  level: Level | null
  since: number
  /** Since when it fires, at whatever level. */
  firingSince: number | null
  /** When something was last known of it. */
  seenAt: number | null
  warn: Latch
  critical: Latch
}

/** After so long without an observation nobody can say that something held. */
const GAP_MS = 30_000
/** How long a rule is called resolved. */
const RESOLVED_MS = 15 * 60_000

export const newState = (now: number): RuleState => ({
  state: 'ok',
  level: null,
  since: now,
  firingSince: null,
  seenAt: null,
  warn: { on: false, turningSince: null },
  critical: { on: false, turningSince: null },
})

/**
 * The state after an observation. A threshold counts as crossed only once every observation of `holdSeconds` was beyond it,
 * and as left only once every one of `clearSeconds` was not: so a value that trembles changes nothing, and one that stays is
 * never missed. What is not known changes nothing.
 *
 * @param gapMs after so long without an observation nobody can say that something held
 */
export function evaluate(
  before: RuleState,
  seen: Observation,
  { warn, critical, holdSeconds, clearSeconds }: Thresholds,
  bad: 'above' | 'below',
  now: number,
  gapMs = GAP_MS,
): RuleState {
  if (seen.value === null && seen.applies !== false) return before
  const isGap = before.seenAt === null || now - before.seenAt > gapMs
  const step = (latch: Latch, threshold: number | null): Latch => {
    const beyond =
      seen.value !== null &&
      threshold !== null &&
      (bad === 'above' ? seen.value >= threshold : seen.value < threshold)
    const turning = isGap ? null : latch.turningSince
    return turn(
      { ...latch, turningSince: turning },
      beyond,
      (beyond ? holdSeconds : clearSeconds) * 1000,
      now,
    )
  }
  return settle(
    { ...before, seenAt: now, warn: step(before.warn, warn), critical: step(before.critical, critical) },
    now,
  )
}

function turn({ on, turningSince }: Latch, beyond: boolean, waitMs: number, now: number): Latch {
  if (beyond === on) return { on, turningSince: null }
  const since = turningSince ?? now
  return now - since >= waitMs ? { on: beyond, turningSince: null } : { on, turningSince: since }
}

function settle(next: RuleState, now: number): RuleState {
  const level = next.critical.on ? 'critical' : next.warn.on ? 'warning' : null
  const state = stateOf(next, level, now)
  if (state === next.state && level === next.level) return next
  return { ...next, state, level, since: now, firingSince: level && (next.firingSince ?? now) }
}

function stateOf({ state, since, warn, critical }: RuleState, level: Level | null, now: number): AlertState {
  if (level) return 'firing'
  if (warn.turningSince !== null || critical.turningSince !== null) return 'pending'
  if (state === 'firing') return 'resolved'
  return state === 'resolved' && now - since < RESOLVED_MS ? 'resolved' : 'ok'
}
