import { formatNumber, formatShare } from '@/components/ui/format'
import classes from './funnel-multiples.module.css'

export interface SmallFunnel {
  /** Null for runs without a value. */
  value: string | null
  entered: number
  /** 0 to 1. */
  conversionRate: number | null
  stages: { order: number; name: string; entered: number; fromStart: number | null }[]
}

interface FunnelMultiplesProps {
  funnels: SmallFunnel[]
  /** What the values are of, such as Device. */
  of: string
  onPick: (value: string) => void
}

/** One small funnel a value, side by side, each on its own scale from 0 to 100%. */
export function FunnelMultiples({ funnels, of, onPick }: FunnelMultiplesProps) {
  return (
    <ul className={classes.grid}>
      {funnels.map(({ value, entered, conversionRate, stages }) => (
        <li key={String(value)} className={classes.card}>
          <div className={classes.head}>
            {value === null ? (
              <i className={classes.value}>no value</i>
            ) : (
              <button
                type="button"
                className={classes.value}
                title={`Show only ${of.toLowerCase()} ${value}`}
                onClick={() => onPick(value)}
              >
                {value}
              </button>
            )}
            <b className={classes.rate}>{formatShare(conversionRate)}</b>
            <span className={classes.entered}>of {formatNumber(entered)}</span>
          </div>
          <ol className={classes.stages}>
            {stages.map((stage) => (
              <li key={`${stage.order}·${stage.name}`} className={classes.stage}>
                <span className={classes.name} title={stage.name}>
                  {stage.name}
                </span>
                <span className={classes.track} aria-hidden="true">
                  {stage.entered > 0 && (
                    <span
                      className={classes.fill}
                      style={{ width: `${Math.min(1, stage.fromStart ?? 0) * 100}%` }}
                    />
                  )}
                </span>
                <span className={classes.share} title={`${formatNumber(stage.entered)} entered`}>
                  {formatShare(stage.fromStart)}
                </span>
              </li>
            ))}
          </ol>
        </li>
      ))}
    </ul>
  )
}
