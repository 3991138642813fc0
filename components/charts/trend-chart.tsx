'use client'

import clsx from 'clsx'
import { type PointerEvent, useState } from 'react'
import { formatCompact, formatNumber } from '@/components/ui/format'
import { niceTicks, spread } from './scale'
import classes from './trend-chart.module.css'

export interface TrendPoint {
  /** Short, for the axis. */
  label: string
  /** In full, for the one pointed at. */
  title: string
  value: number
  /** The value of the same interval in the time before. */
  before?: number | null
}

interface TrendChartProps {
  /** What is counted, such as Events. */
  name: string
  points: TrendPoint[]
  height?: number
  /** The last interval is not over yet: its end is dotted. */
  partial?: boolean
}

/**
 * Counts over time as an area, the time before as a dashed line.
 *
 * Recharts draws nothing on a server, so this one picture is drawn here: it stands in the first HTML, at any width,
 * and does not move when scripts arrive.
 */
export function TrendChart({ name, points, height = 240, partial = false }: TrendChartProps) {
  const [at, setAt] = useState<number>()
  const compared = points.some((point) => typeof point.before === 'number')
  const ticks = niceTicks(Math.max(0, ...points.flatMap((point) => [point.value, point.before ?? 0])))
  const top = ticks.at(-1) ?? 1
  const x = (index: number) => (points.length < 2 ? 50 : (index / (points.length - 1)) * 100)
  const y = (value: number) => 100 - (value / top) * 100
  const values = points.map((point) => point.value)
  const solid = partial ? values.slice(0, -1) : values
  const rest = partial ? values.slice(-2) : []
  const path = (list: (number | null | undefined)[], from = 0) =>
    list
      .map((value, index) =>
        value == null
          ? ''
          : `${index === 0 || list[index - 1] == null ? 'M' : 'L'}${r(x(from + index))} ${r(y(value))}`,
      )
      .join('')
  const point = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    const fraction = (event.clientX - box.left) / box.width
    setAt(Math.min(points.length - 1, Math.max(0, Math.round(fraction * (points.length - 1)))))
  }
  const pointed = at === undefined ? undefined : points[at]
  return (
    <figure className={classes.figure}>
      <div className={classes.chart} style={{ height }} role="img" aria-label={summary(name, points)}>
        <div className={classes.yAxis}>
          {ticks.map((tick) => (
            <span key={tick} className={classes.yLabel} style={{ bottom: `${100 - y(tick)}%` }}>
              {formatCompact(tick)}
            </span>
          ))}
        </div>
        <div
          className={classes.plot}
          onPointerMove={point}
          onPointerDown={point}
          onPointerLeave={() => setAt(undefined)}
        >
          <svg className={classes.svg} viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
            {ticks.map((tick) => (
              <line key={tick} className={classes.grid} x1="0" x2="100" y1={y(tick)} y2={y(tick)} />
            ))}
            {points.length > 1 && <path className={classes.area} d={`${path(values)}L100 100L0 100Z`} />}
            {compared && <path className={classes.before} d={path(points.map(({ before }) => before))} />}
            <path className={classes.line} d={path(solid)} />
            {rest.length > 0 && (
              <path
                className={`${classes.line} ${classes.partial}`}
                d={path(rest, points.length - rest.length)}
              />
            )}
          </svg>
          {points.length === 1 && points[0] && (
            <span className={classes.dot} style={{ left: '50%', top: `${y(points[0].value)}%` }} />
          )}
          {pointed && at !== undefined && (
            <>
              <span className={classes.cursor} style={{ left: `${x(at)}%` }} />
              <span className={classes.dot} style={{ left: `${x(at)}%`, top: `${y(pointed.value)}%` }} />
              <Tip name={name} point={pointed} left={x(at)} soFar={partial && at === points.length - 1} />
            </>
          )}
        </div>
        <div className={classes.xAxis}>
          {spread(points.length, 5).map((index) => (
            <span
              key={index}
              className={clsx(
                classes.xLabel,
                index === 0 && points.length > 1 && classes.first,
                index > 0 && index === points.length - 1 && classes.last,
              )}
              style={{ left: `${x(index)}%` }}
            >
              {points[index]?.label}
            </span>
          ))}
        </div>
      </div>
      <figcaption className={classes.legend}>
        <Key className={classes.line} label={name} />
        {compared && <Key className={classes.before} label="The time before" />}
        {partial && <Key className={`${classes.line} ${classes.partial}`} label="So far" />}
      </figcaption>
    </figure>
  )
}

const r = (value: number): number => Math.round(value * 100) / 100

function Tip({
  name,
  point,
  left,
  soFar,
}: {
  name: string
  point: TrendPoint
  left: number
  soFar: boolean
}) {
  const side = left > 50 ? { right: `calc(${100 - left}% + 10px)` } : { left: `calc(${left}% + 10px)` }
  return (
    <div className={classes.tip} style={side}>
      {point.title}
      {soFar && ' (so far)'}
      <dl>
        <dt>{name}</dt>
        <dd>{formatNumber(point.value)}</dd>
        {typeof point.before === 'number' && (
          <>
            <dt>The time before</dt>
            <dd>{formatNumber(point.before)}</dd>
          </>
        )}
      </dl>
    </div>
  )
}

function Key({ className, label }: { className?: string; label: string }) {
  return (
    <span className={classes.key}>
      <svg viewBox="0 0 22 4" aria-hidden="true">
        <path className={className} d="M1 2H21" />
      </svg>
      {label}
    </span>
  )
}

function summary(name: string, points: TrendPoint[]): string {
  const first = points[0]
  const last = points.at(-1)
  if (!first || !last) return `${name}: nothing in this range`
  const highest = points.reduce((best, point) => (point.value > best.value ? point : best), first)
  return `${name} from ${first.title} to ${last.title}; highest ${formatNumber(highest.value)} at ${highest.title}`
}
