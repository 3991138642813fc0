import { Definition } from '@/components/ui/definition'
import { formatDuration, formatNumber, formatShare, NONE } from '@/components/ui/format'
import classes from './funnel-chart.module.css'

interface Times {
  p50: number | null
  p90: number | null
}

export interface FunnelBar {
  order: number
  name: string
  optional: boolean
  entered: number
  /** 0 to 1. */
  fromStart: number | null
  fromPrevious: number | null
  dropOff: number
  /** Milliseconds. */
  timeTo: Times
  timeIn: Times
  /** `fromStart` in the time before; undefined where there is nothing to compare with. */
  before?: number | null
}

interface FunnelChartProps {
  bars: FunnelBar[]
  /** What the heads mean. */
  definitions: Record<
    'entered' | 'fromStart' | 'fromPrevious' | 'dropOff' | 'timeToStage' | 'timeInStage',
    string
  >
}

/**
 * A funnel from top to bottom: a bar a stage, pale where runs dropped off since the stage before, and what was lost
 * between them. The tick is where the bar ended in the time before.
 */
export function FunnelChart({ bars, definitions }: FunnelChartProps) {
  // In any order, a later stage can have more runs than the first.
  const most = Math.max(1, ...bars.map((bar) => bar.entered))
  const first = bars[0]?.entered ?? 0
  const compared = bars.some((bar) => typeof bar.before === 'number')
  return (
    <div className={classes.chart}>
      <div className={classes.heads}>
        <span className={classes.stageHead}>Stage</span>
        <span className={classes.barHead}>
          <Head label="Drop-off" definition={definitions.dropOff} />
          {compared && (
            <span className={classes.key}>
              <span className={classes.tick} aria-hidden="true" /> The time before
            </span>
          )}
        </span>
        <Head label="Entered" definition={definitions.entered} />
        <Head label="From start" definition={definitions.fromStart} />
        <Head label="From previous" definition={definitions.fromPrevious} />
        <Head label="Time to stage" definition={definitions.timeToStage} />
        <Head label="Time in stage" definition={definitions.timeInStage} />
      </div>
      <ol className={classes.stages}>
        {bars.map((bar, index) => (
          <li key={`${bar.order}·${bar.name}`} className={classes.stage}>
            {index > 0 && (
              <span className={classes.drop}>
                <b>▼ {formatNumber(bar.dropOff)}</b> dropped off
                {bar.fromPrevious !== null && ` · ${formatShare(1 - bar.fromPrevious)}`}
              </span>
            )}
            <span className={classes.name} title={bar.name}>
              {bar.name}
              {bar.optional && <i> optional</i>}
            </span>
            <span className={classes.track} aria-hidden="true">
              <span
                className={classes.lost}
                style={{ width: `${((bar.entered + bar.dropOff) / most) * 100}%` }}
              />
              {bar.entered > 0 && (
                <span className={classes.fill} style={{ width: `${(bar.entered / most) * 100}%` }} />
              )}
              {typeof bar.before === 'number' && (
                <span
                  className={classes.before}
                  style={{ left: `${Math.min(1, (bar.before * first) / most) * 100}%` }}
                />
              )}
            </span>
            <Cell label="Entered">{formatNumber(bar.entered)}</Cell>
            <Cell
              label="From start"
              note={typeof bar.before === 'number' ? `was ${formatShare(bar.before)}` : undefined}
            >
              {formatShare(bar.fromStart)}
            </Cell>
            <Cell label="From previous">{index === 0 ? NONE : formatShare(bar.fromPrevious)}</Cell>
            <Cell label="Time to stage" note={ninety(bar.timeTo, index > 0)}>
              {index === 0 ? NONE : formatDuration(bar.timeTo.p50)}
            </Cell>
            <Cell label="Time in stage" note={ninety(bar.timeIn, true)}>
              {formatDuration(bar.timeIn.p50)}
            </Cell>
          </li>
        ))}
      </ol>
    </div>
  )
}

const ninety = ({ p90 }: Times, shown: boolean): string | undefined =>
  shown && p90 !== null ? `p90 ${formatDuration(p90)}` : undefined

const Head = ({ label, definition }: { label: string; definition: string }) => (
  <span className={classes.head}>
    {label}
    <Definition of={label}>{definition}</Definition>
  </span>
)

/** On a narrow screen the heads stand with the numbers. */
const Cell = ({ label, note, children }: { label: string; note?: string; children: string }) => (
  <span className={classes.cell}>
    <span className={classes.label}>{label} </span>
    <span className={classes.value}>{children}</span>
    {note && <span className={classes.note}>{note}</span>}
  </span>
)
