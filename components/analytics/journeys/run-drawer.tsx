'use client'

import { Drawer, Title } from '@mantine/core'
import { formatDuration, formatMoment, formatTime, NONE } from '@/components/ui/format'
import type { JourneyRun } from '@/lib/analytics/journeys/contract'
import classes from './run-drawer.module.css'

interface RunDrawerProps {
  opened: boolean
  run: JourneyRun | null
  timezone: string
  onClose: () => void
}

/** One run as a line of time: each step, how long it took, and what came before and after. */
export function RunDrawer({ opened, run, timezone, onClose }: RunDrawerProps) {
  return (
    <Drawer opened={opened} onClose={onClose} position="right" size="lg" title={run?.journey ?? ''}>
      {run && (
        <>
          <dl className={classes.fields}>
            <dt>User</dt>
            <dd>{run.userId}</dd>
            <dt>Run</dt>
            <dd>{run.runId}</dd>
            <dt>Started</dt>
            <dd>
              {formatMoment(run.startedAt, timezone)} {timezone}
            </dd>
            <dt>Completed</dt>
            <dd>{run.completedAt ? `${formatMoment(run.completedAt, timezone)} ${timezone}` : 'no'}</dd>
            <dt>Duration</dt>
            <dd>{formatDuration(run.durationMs)}</dd>
          </dl>
          <Title order={3} mb="xs">
            Steps
          </Title>
          <ol className={classes.line}>
            {run.steps.map((step, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a step may come back, at the same time even
              <li key={index} className={classes.stop}>
                <div className={classes.head}>
                  <b>{step.step}</b>
                  <span className="num">{formatTime(step.at, timezone)}</span>
                </div>
                <dl className={classes.about}>
                  <dt>Time on step</dt>
                  <dd>{formatDuration(step.timeOnStepMs)}</dd>
                  <dt>Previous</dt>
                  <dd>{step.previous ?? NONE}</dd>
                  <dt>Next</dt>
                  <dd>{step.next ?? NONE}</dd>
                </dl>
              </li>
            ))}
            <li className={run.completedAt ? classes.done : classes.left}>
              {run.completedAt
                ? `Completed at ${formatTime(run.completedAt, timezone)}`
                : 'No completion was recorded'}
            </li>
          </ol>
        </>
      )}
    </Drawer>
  )
}
