'use client'

import clsx from 'clsx'
import { type PointerEvent, useState } from 'react'
import { formatCompact, formatNumber, NONE } from '@/components/ui/format'
import { niceTicks, spread } from './scale'
import classes from './trend-chart.module.css'

export interface TrendPoint {
  /** Short, for the axis. */
  label: string
  /** In full, for the one pointed at. */
  title: string
  /** None leaves a gap. */
  value: number | null
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
  /** For what is no count, such as a rate or a score: the ticks from the lowest to the highest, and how values are written. */
  axis?: { ticks: number[]; format: (value: number) => string }
}

/**
 * Counts over time as an area, or rates and scores as a line; the time before as a dashed line.
 *
 * Recharts draws nothing on a server, so this one picture is drawn here: it stands in the first HTML, at any width,
 * and does not move when scripts arrive.
 */
export function TrendChart({ name, points, height = 240, partial = false, axis }: TrendChartProps) {
  const [at, setAt] = useState<number>()
  const compared = points.some((point) => typeof point.before === 'number')
  const ticks =
    axis?.ticks ?? niceTicks(Math.max(0, ...points.flatMap((point) => [point.value ?? 0, point.before ?? 0])))
  const low = ticks[0] ?? 0
  const top = ticks.at(-1) ?? 1
  const format = axis?.format ?? formatNumber
  const x = (index: number) => (points.length < 2 ? 50 : (index / (points.length - 1)) * 100)
  const y = (value: number) => 100 - ((value - low) / (top - low)) * 100
  const values = points.map((point) => point.value)
  const solid = partial ? values.slice(0, -1) : values
  const rest = partial ? values.slice(-2) : []
  const path = (list: (number | null | undefined)[], from = 0) =>
    list
      .map((value, index) =>
        value == null
          ? ''
          : // A point between two gaps has no line: without a length it is drawn as a dot.
            `${index === 0 || list[index - 1] == null ? 'M' : 'L'}${r(x(from + index))} ${r(y(value))}h0`,
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
      <div className={classes.chart} style={{ height }} role="img" aria-label={summary(name, points, format)}>
        <div className={classes.yAxis}>
          {ticks.map((tick) => (
            <span key={tick} className={classes.yLabel} style={{ bottom: `${100 - y(tick)}%` }}>
              {axis ? format(tick) : formatCompact(tick)}
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
            {!axis && points.length > 1 && (
              <path className={classes.area} d={`${path(values)}L100 100L0 100Z`} />
            )}
            {compared && <path className={classes.before} d={path(points.map(({ before }) => before))} />}
            <path className={classes.line} d={path(solid)} />
            {rest.length > 0 && (
              <path
                className={`${classes.line} ${classes.partial}`}
                d={path(rest, points.length - rest.length)}
              />
            )}
          </svg>
          {points.length === 1 && typeof points[0]?.value === 'number' && (
            <span className={classes.dot} style={{ left: '50%', top: `${y(points[0].value)}%` }} />
          )}
          {pointed && at !== undefined && (
            <>
              <span className={classes.cursor} style={{ left: `${x(at)}%` }} />
              {pointed.value !== null && (
                <span className={classes.dot} style={{ left: `${x(at)}%`, top: `${y(pointed.value)}%` }} />
              )}
              <Tip
                name={name}
                point={pointed}
                left={x(at)}
                soFar={partial && at === points.length - 1}
                format={format}
              />
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
  format,
}: {
  name: string
  point: TrendPoint
  left: number
  soFar: boolean
  format: (value: number) => string
}) {
  const side = left > 50 ? { right: `calc(${100 - left}% + 10px)` } : { left: `calc(${left}% + 10px)` }
  return (
    <div className={classes.tip} style={side}>
      {point.title}
      {soFar && ' (so far)'}
      <dl>
        <dt>{name}</dt>
        <dd>{point.value === null ? NONE : format(point.value)}</dd>
        {typeof point.before === 'number' && (
          <>
            <dt>The time before</dt>
            <dd>{format(point.before)}</dd>
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

function summary(name: string, points: TrendPoint[], format: (value: number) => string): string {
  const first = points[0]
  const last = points.at(-1)
  const known = points.flatMap(({ title, value }) => (value === null ? [] : [{ title, value }]))
  if (!first || !last || known.length === 0) return `${name}: nothing in this range`
  const highest = known.reduce((best, point) => (point.value > best.value ? point : best))
  return `${name} from ${first.title} to ${last.title}; highest ${format(highest.value)} at ${highest.title}`
}
