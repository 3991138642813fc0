import classes from './gauge.module.css'

interface GaugeProps {
  /** What is measured, such as NPS. */
  name: string
  value: number | null
  from: number
  to: number
  /** The value as text; stands in the middle. */
  shown: string
  /** The value of the time before: a mark on the arc. */
  before?: number | null
}

const RADIUS = 84
const MIDDLE = 100
const BASE = 96

/** A half circle from the lowest to the highest value that there can be, filled up to the one there is. */
export function Gauge({ name, value, from, to, shown, before }: GaugeProps) {
  const fraction = (of: number) => Math.min(1, Math.max(0, (of - from) / (to - from)))
  return (
    <div
      className={classes.gauge}
      role="img"
      aria-label={`${name}: ${shown}, on a scale from ${from} to ${to}`}
    >
      <svg viewBox="0 0 200 106" aria-hidden="true">
        <path className={classes.track} d={arc(1)} />
        {value !== null && fraction(value) > 0 && <path className={classes.fill} d={arc(fraction(value))} />}
        {typeof before === 'number' && <path className={classes.before} d={tick(fraction(before))} />}
      </svg>
      <span className={classes.value}>{shown}</span>
      <span className={classes.from}>{String(from).replace('-', '−')}</span>
      <span className={classes.to}>{to}</span>
    </div>
  )
}

/** The point of the arc at a fraction of its length, from the left. */
function at(fraction: number, radius: number): string {
  const angle = Math.PI * (1 - fraction)
  return `${(MIDDLE + radius * Math.cos(angle)).toFixed(2)} ${(BASE - radius * Math.sin(angle)).toFixed(2)}`
}

const arc = (fraction: number) => `M${at(0, RADIUS)}A${RADIUS} ${RADIUS} 0 0 1 ${at(fraction, RADIUS)}`
const tick = (fraction: number) => `M${at(fraction, RADIUS - 10)}L${at(fraction, RADIUS + 10)}`
