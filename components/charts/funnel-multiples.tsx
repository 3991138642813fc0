import type { ReactNode } from 'react'
import { formatNumber, formatShare } from '@/components/ui/format'
import classes from './funnel-multiples.module.css'

export interface SmallFunnel {
  key: string
  name: ReactNode
  /** Makes the name a button. */
  onPick?: () => void
  pickLabel?: string
  entered: number
  /** 0 to 1. */
  conversionRate: number | null
  stages: { order: number; name: string; entered: number; fromStart: number | null }[]
}

/** Small funnels side by side, each on its own scale from 0 to 100%. */
export function FunnelMultiples({ funnels }: { funnels: SmallFunnel[] }) {
  return (
    <ul className={classes.grid}>
      {funnels.map(({ key, name, onPick, pickLabel, entered, conversionRate, stages }) => (
        <li key={key} className={classes.card}>
          <div className={classes.head}>
            {onPick ? (
              <button type="button" className={classes.value} title={pickLabel} onClick={onPick}>
                {name}
              </button>
            ) : (
              <span className={classes.value}>{name}</span>
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
