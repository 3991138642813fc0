import { formatPercent, formatSeconds } from '@/lib/recovery/format'
import type { Health, HealthCheck, HealthStatus } from '@/lib/recovery/health/contract'

/** Where a value warns and where it fails; above, or below for what should be large. */
export const LIMITS = {
  connections: { warn: 0.8, fail: 0.95 },
  cacheHitRate: { warn: 0.9 },
  waiting: { warn: 5, fail: 50 },
  oldestTransactionSeconds: { warn: 300, fail: 3600 },
  deadRowRate: { warn: 0.2 },
  // Autovacuum freezes from 200 million on; PostgreSQL warns 40 million before the end of 2^31.
  wraparoundAge: { warn: 500_000_000, fail: 1_500_000_000 },
  freeDiskRate: { warn: 0.15, fail: 0.05 },
  spoolSeconds: { warn: 1, fail: 60 },
  rollupSeconds: { warn: 120, fail: 1800 },
}

/** What to do about what both a check and an alert are about. */
export const ACTIONS = {
  member: 'Start it again. One that was fenced, or cannot follow any more, has to be reinitialized.',
  connections: 'See who holds them in pg_stat_activity; raise max_connections or put a pool in front.',
  transaction: 'Find it in pg_stat_activity by xact_start, and end it with pg_terminate_backend.',
  wraparound: 'Let VACUUM FREEZE run on the oldest tables, and end what holds it up.',
  disk: 'Make room: archived WAL and logs first. Never delete files of a member’s data folder.',
  spool: 'Bring a leader back: they are stored by themselves then.',
  rollups: 'See the worker’s log, and whether a long transaction holds them up.',
}

export interface Limit {
  warn: number
  fail?: number
}

/** What is said of a check. */
export interface Words {
  unit?: string
  /** What it should be. */
  limit?: string
  /** Why it is not pass. */
  output?: string
  /** What to do then. */
  action: string
}

/** A check of what should be small. A value that is not known passes. */
export const above = (value: number | null, limit: Limit, words: Words): HealthCheck =>
  measured(value, limit, words, (bound) => value !== null && value >= bound, 'from')

/** A check of what should be large. */
export const below = (value: number | null, limit: Limit, words: Words): HealthCheck =>
  measured(value, limit, words, (bound) => value !== null && value <= bound, 'at or below')

function measured(
  value: number | null,
  { warn, fail }: Limit,
  words: Words,
  isBeyond: (bound: number) => boolean,
  side: string,
): HealthCheck {
  const status = fail !== undefined && isBeyond(fail) ? 'fail' : isBeyond(warn) ? 'warn' : 'pass'
  const show = (bound: number) => say(bound, words.unit)
  const fails = fail === undefined ? '' : `, fails ${side} ${show(fail)}`
  return observe(value, status, { limit: `warns ${side} ${show(warn)}${fails}`, ...words })
}

/** One check in the words of the draft. */
export function observe(
  observedValue: HealthCheck['observedValue'],
  status: HealthStatus,
  { unit, limit, output, action }: Words,
): HealthCheck {
  return {
    status,
    observedValue,
    ...(unit && { observedUnit: unit }),
    limit: limit ?? null,
    time: new Date().toISOString(),
    ...(status !== 'pass' && output && { output }),
    action,
  }
}

/** The checks with the worst of their states. */
export function overall(checks: Health['checks']): Health {
  const all = Object.values(checks).flatMap((list) => list.map(({ status }) => status))
  const worst = (['fail', 'warn'] as const).find((status) => all.includes(status))
  return { status: worst ?? 'pass', checks }
}

function say(value: number, unit: string | undefined): string {
  if (unit === 'share') return formatPercent(value)
  return unit === 's' ? formatSeconds(value) : `${value.toLocaleString('en-US')} ${unit ?? ''}`.trim()
}
