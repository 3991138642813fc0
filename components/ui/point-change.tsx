import classes from './stat-card.module.css'

interface PointChangeProps {
  value: number | null
  before: number | null | undefined
  /** Writes a difference without its sign, such as 2.1 points. */
  format: (difference: number) => string
  /** Whether more is better; where it is neither, the change has no colour. */
  judge?: 'up' | 'down' | 'neither'
}

/** How far a rate or a score moved, in points: a ratio of rates would be read as one of them. */
export function PointChange({ value, before, format, judge = 'up' }: PointChangeProps) {
  if (value === null || typeof before !== 'number') return null
  const difference = value - before
  const text = format(Math.abs(difference))
  if (text === format(0)) return <span>no change</span>
  const up = difference > 0
  const tone = judge === 'neither' ? classes.neutral : up === (judge === 'up') ? classes.up : classes.down
  return (
    <span className={tone}>
      {up ? '▲ +' : '▼ −'}
      {text}
    </span>
  )
}

/** A difference of two fractions, in percentage points. */
export const formatPoints = (difference: number): string => `${(difference * 100).toFixed(1)} pp`
