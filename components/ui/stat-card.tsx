import type { ReactNode } from 'react'
import { Definition } from './definition'
import { formatCompact, formatShare } from './format'
import { formatPoints, PointChange } from './point-change'
import classes from './stat-card.module.css'

interface StatCardProps {
  label: string
  definition: string
  value: number | null
  /** The same number for the time before; undefined where there is nothing to compare with. */
  before?: number | null
  format: (value: number | null) => string
  /** Whether more is better; where it is neither, the change has no colour. */
  judge?: boolean
  /** A rate, from 0 to 1: its change is in percentage points. */
  rate?: boolean
  /** What the number rests upon, where there is no number before it. */
  note?: ReactNode
}

/** One number, what it means, and how it changed. */
export function StatCard({
  label,
  definition,
  value,
  before,
  format,
  judge = true,
  rate,
  note,
}: StatCardProps) {
  return (
    <div className={classes.card}>
      <div className={classes.label}>
        {label}
        <Definition of={label}>{definition}</Definition>
      </div>
      <div className={classes.value}>{format(value)}</div>
      <div className={classes.change}>
        {before !== undefined && rate && typeof before === 'number' && (
          <>
            <PointChange
              value={value}
              before={before}
              format={formatPoints}
              judge={judge ? 'up' : 'neither'}
            />{' '}
            from {format(before)}
          </>
        )}
        {before !== undefined && !rate && (
          <Change value={value} before={before} format={format} judge={judge} />
        )}
        {note}
      </div>
    </div>
  )
}

interface ChangeProps extends Pick<StatCardProps, 'value' | 'format' | 'judge'> {
  before: number | null
}

function Change({ value, before, format, judge }: ChangeProps) {
  const was = `from ${format(before)}`
  if (before === null) return null
  if (before === 0) return 'none in the time before'
  if (value === null) return was
  const ratio = value / before
  if (Math.abs(ratio - 1) < 0.0005) return `no change ${was}`
  const up = ratio > 1
  const tone = judge ? (up ? classes.up : classes.down) : classes.neutral
  return (
    <>
      <span className={tone}>
        {up ? '▲ ' : '▼ '}
        {ratio >= 10 ? `×${formatCompact(ratio)}` : `${up ? '+' : '−'}${formatShare(Math.abs(ratio - 1))}`}
      </span>{' '}
      {was}
    </>
  )
}

/** Cards side by side, as many as there is room for. */
export function StatRow({ children }: { children: ReactNode }) {
  return <div className={classes.row}>{children}</div>
}
