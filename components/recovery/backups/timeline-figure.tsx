import clsx from 'clsx'
import { formatMoment } from '@/components/ui/format'
import { MarkShape } from './backup-mark'
import type { FigureModel, Lane } from './figure-model'
import { placeLabels } from './place-labels'
import classes from './timeline.module.css'
import { kindWords, worthWords } from './words'

const TOP = 24
const LANE = 58
/** From the top of a lane to the middle of its bar. */
const MIDDLE = 38
const AXIS = 22

const at = (share: number): string => `${(share * 100).toFixed(3)}%`

/**
 * Each repository as a lane: its archive as a line, the window in which every moment can be restored as a bar, breaks where
 * WAL is missing, backups as marks; restore points and the target cross all of them. Places are shares of the width, so
 * that it needs no script and fits any screen.
 */
export function BackupTimeline({ model, label }: { model: FigureModel; label: string }) {
  const bottom = TOP + model.lanes.length * LANE
  const height = bottom + AXIS
  return (
    <div className={classes.figure} role="img" aria-label={label}>
      <svg width="100%" height={height} aria-hidden="true">
        {model.ticks.map(({ x, label: text }) => (
          <g key={x}>
            <line className={classes.grid} x1={at(x)} x2={at(x)} y1={TOP} y2={bottom} />
            {x > 0.05 && x < 0.9 && (
              <text x={at(x)} y={height - 6} textAnchor="middle">
                {text}
              </text>
            )}
          </g>
        ))}
        <line className={classes.now} x1={at(model.now)} x2={at(model.now)} y1={TOP} y2={bottom} />
        <text x={at(model.now)} y={height - 6} textAnchor="middle">
          now
        </text>
        <Points model={model} bottom={bottom} />
        {model.lanes.map((lane, index) => (
          <LaneMarks key={lane.number} lane={lane} y={TOP + index * LANE + MIDDLE} />
        ))}
        {model.target && (
          <>
            <line
              className={clsx(classes.target, !model.target.reachable && classes.outOfReach)}
              x1={at(model.target.x)}
              x2={at(model.target.x)}
              y1={16}
              y2={bottom}
            />
            <text
              className={clsx(classes.targetName, !model.target.reachable && classes.outOfReachName)}
              x={at(model.target.x)}
              y={12}
              textAnchor={model.target.x > 0.9 ? 'end' : model.target.x < 0.1 ? 'start' : 'middle'}
            >
              target
            </text>
          </>
        )}
      </svg>
      {model.lanes.map((lane, index) => (
        <div key={lane.number} className={classes.laneName} style={{ top: TOP + index * LANE + 4 }}>
          <strong>Repository {lane.number}</strong> {lane.reachable ? lane.location : 'cannot be reached'}
        </div>
      ))}
    </div>
  )
}

function Points({ model, bottom }: { model: FigureModel; bottom: number }) {
  const named = placeLabels(model.points, model.target?.x)
  return named.map(({ name, x, shown, end }) => (
    <g key={name}>
      <line className={classes.point} x1={at(x)} x2={at(x)} y1={6} y2={bottom}>
        <title>{name}</title>
      </line>
      {shown && (
        <text
          className={classes.pointName}
          x={at(x)}
          dx={end ? -5 : 5}
          y={12}
          textAnchor={end ? 'end' : 'start'}
        >
          {name}
        </text>
      )}
    </g>
  ))
}

const LaneMarks = ({ lane, y }: { lane: Lane; y: number }) => (
  <>
    {lane.archive && (
      <line className={classes.archive} x1={at(lane.archive[0])} x2={at(lane.archive[1])} y1={y} y2={y} />
    )}
    {lane.window &&
      // The archive goes on below it, unseen.
      [classes.ground, classes.window].map((look) => (
        <rect
          key={look}
          className={look}
          x={at(lane.window?.[0] ?? 0)}
          width={at(widthOf(lane.window))}
          y={y - 6}
          height="12"
          rx="3"
        />
      ))}
    {lane.gaps.map(({ bar: [from, to], title }) => (
      // Never narrower than can be seen.
      <svg key={title} x={at(from)} y={y - 11} width={at(Math.max(0.006, to - from))} height="22">
        <title>{title}</title>
        <rect className={classes.gap} width="100%" height="100%" />
      </svg>
    ))}
    {lane.marks.map(({ id, x, kind, worth, endedAt, small }) => (
      <svg key={id} x={at(x)} y={y} className={classes.place}>
        <title>{`${kindWords[kind]} backup, ${worthWords[worth].toLowerCase()}, ${formatMoment(endedAt, 'UTC')} UTC`}</title>
        <g transform={small ? 'scale(0.5)' : undefined} className={small ? classes.small : undefined}>
          <MarkShape kind={kind} worth={worth} />
        </g>
      </svg>
    ))}
  </>
)

const widthOf = (bar: [number, number] | null): number => (bar ? Math.max(0, bar[1] - bar[0]) : 0)
