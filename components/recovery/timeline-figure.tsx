import { ScrollArea } from '@mantine/core'
import clsx from 'clsx'
import { formatDay, formatTime } from '@/components/ui/format'
import type { ReplicationStatus } from '@/lib/recovery/replication/contract'
import classes from './timeline-figure.module.css'

type Entry = ReplicationStatus['history'][number]

/** So many of the newest are drawn; the table has them all. */
const DRAWN = 6
const WIDTH = 132
const STEP = 34
const LEFT = 6
const TOP = 22

/** Each timeline as a line that begins where it branched off the one before; the lowest is the one that goes on. */
export function TimelineFigure({ history, timeline }: { history: Entry[]; timeline: number | null }) {
  const ended = history.slice(-DRAWN)
  const current = timeline ?? (ended.at(-1)?.timeline ?? 0) + 1
  const x = (index: number) => LEFT + index * WIDTH
  const y = (index: number) => TOP + index * STEP
  const width = x(ended.length + 1)
  const height = y(ended.length) + 18
  return (
    // What scrolls must be reachable by keyboard.
    <ScrollArea viewportProps={{ tabIndex: 0 }}>
      <svg
        className={classes.figure}
        width={width}
        height={height}
        role="img"
        aria-label={wordsOf(ended, current)}
      >
        {ended.map((entry, index) => (
          <g key={entry.timeline}>
            <path className={classes.line} d={`M${x(index)} ${y(index)}H${x(index + 1)}V${y(index + 1)}`} />
            <text className={classes.name} x={x(index) + 4} y={y(index) - 7}>
              {entry.timeline}
              {leaderOf(history, entry.timeline)}
            </text>
            <text x={x(index + 1) + 8} y={y(index) + 18}>
              {entry.at
                ? `${formatDay(entry.at, 'UTC').replace(/ \d+$/, '')}, ${formatTime(entry.at, 'UTC')}`
                : ''}
            </text>
          </g>
        ))}
        <path
          className={clsx(classes.line, classes.now)}
          d={`M${x(ended.length)} ${y(ended.length)}H${width}`}
        />
        {ended.map((entry, index) => (
          <circle key={entry.timeline} className={classes.dot} cx={x(index + 1)} cy={y(index + 1)} r="4" />
        ))}
        <text className={classes.name} x={x(ended.length) + 8} y={y(ended.length) + 16}>
          {current}
          {leaderOf(history, current)}
        </text>
      </svg>
    </ScrollArea>
  )
}

/** Who began a timeline stands at the end of the one before. */
const leaderOf = (history: Entry[], timeline: number): string => {
  const leader = history.find((entry) => entry.timeline === timeline - 1)?.leader
  return leader ? ` · ${leader}` : ''
}

const wordsOf = (ended: Entry[], current: number): string =>
  `${ended.map(({ timeline, lsn }) => `timeline ${timeline} ended at ${lsn}`).join(', ')}; ${current} goes on`
