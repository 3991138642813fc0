import clsx from 'clsx'
import { formatNumber } from '@/components/ui/format'
import classes from './bars.module.css'
import { spread } from './scale'

export interface Bar {
  /** Short, for the axis. */
  label: string
  /** In full, for the one pointed at. */
  title: string
  value: number
  tone?: 'good' | 'fair' | 'bad'
}

interface BarsProps {
  /** What is counted, such as Responses. */
  name: string
  bars: Bar[]
  height?: number
  /** Whether the count stands above each bar; for few bars. */
  counts?: boolean
}

const LABELS = 6

/** Counts as upright bars, side by side. */
export function Bars({ name, bars, height = 190, counts = false }: BarsProps) {
  const top = Math.max(1, ...bars.map((bar) => bar.value))
  const labelled = new Set(counts ? bars.keys() : spread(bars.length, LABELS))
  return (
    <div
      className={clsx(classes.bars, !counts && classes.narrow)}
      style={{ height }}
      role="img"
      aria-label={summary(name, bars)}
    >
      {!counts && <span className={classes.top}>{formatNumber(top)}</span>}
      {bars.map((bar, index) => (
        <div key={bar.title} className={classes.slot} title={`${bar.title}: ${formatNumber(bar.value)}`}>
          <div className={classes.room}>
            {counts && <span className={classes.count}>{formatNumber(bar.value)}</span>}
            <div
              className={clsx(classes.bar, bar.tone && classes[bar.tone])}
              style={{ height: `${(bar.value / top) * 100}%` }}
            />
          </div>
          <span className={classes.label}>{labelled.has(index) && bar.label}</span>
        </div>
      ))}
    </div>
  )
}

function summary(name: string, bars: Bar[]): string {
  const first = bars[0]
  if (!first) return `${name}: nothing`
  const most = bars.reduce((best, bar) => (bar.value > best.value ? bar : best), first)
  return `${name} from ${first.title} to ${bars.at(-1)?.title}; most at ${most.title}: ${formatNumber(most.value)}`
}
