import { formatBytes, formatDuration, formatNumber, formatShare, NONE } from '@/components/ui/format'
import type { Unit } from '@/lib/recovery/alerts/contract'

/** A value of an alert as text. */
export function formatValue(unit: Unit, value: number | null): string {
  if (value === null) return NONE
  if (unit === 'bytes') return formatBytes(value)
  if (unit === 'share') return formatShare(value)
  return unit === 'seconds' ? formatDuration(value * 1000) : formatNumber(value)
}

interface Field {
  suffix: string
  /** What a one in the field is worth in the unit. */
  worth: number
  decimals: number
}

/** How a threshold is typed: in a size that people think in. */
export const fields: Record<Unit, Field> = {
  bytes: { suffix: ' MB', worth: 2 ** 20, decimals: 3 },
  share: { suffix: '%', worth: 0.01, decimals: 2 },
  seconds: { suffix: ' s', worth: 1, decimals: 1 },
  members: { suffix: '', worth: 1, decimals: 0 },
  segments: { suffix: '', worth: 1, decimals: 0 },
  transactions: { suffix: '', worth: 1, decimals: 0 },
  records: { suffix: '', worth: 1, decimals: 0 },
  faults: { suffix: '', worth: 1, decimals: 0 },
}

/** A threshold as it stands in its field; empty for never. */
export const toField = (unit: Unit, value: number | null): number | '' =>
  value === null ? '' : Number((value / fields[unit].worth).toFixed(fields[unit].decimals))

/** What was typed, in the unit; null where nothing was. */
export function fromField(unit: Unit, typed: number | string): number | null {
  if (typed === '') return null
  const value = Number(typed) * fields[unit].worth
  return unit === 'bytes' ? Math.round(value) : Number(value.toPrecision(12))
}
