'use client'

import { Anchor, Button, Code, Group, Progress, Text } from '@mantine/core'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { formatAge, formatSeconds, secondsBetween } from '@/components/recovery/backups/words'
import classes from '@/components/recovery/checks.module.css'
import { StepList } from '@/components/recovery/step-list'
import { formatBytes, formatMoment, formatTime } from '@/components/ui/format'
import { Panel } from '@/components/ui/panel'
import { StatusBadge } from '@/components/ui/status-badge'
import type { Backup } from '@/lib/recovery/backups/contract'
import type { Task } from '@/lib/recovery/tasks/contract'
import { stepWords, taskStates, titleOf } from './words'

interface TaskViewProps {
  task: Task
  backups: Backup[]
  /** When it was last looked at, in milliseconds since 1970. */
  now: number
  onClose: () => void
  /** What may be done next. */
  children?: ReactNode
}

/** A task as it runs, step by step, and what it came to. */
export function TaskView({ task, backups, now, onClose, children }: TaskViewProps) {
  const { status, label } = taskStates[task.state]
  const runs = task.state === 'running'
  return (
    <Panel title={titleOf(task, backups)} tools={<StatusBadge status={status} label={label} />}>
      <Text size="sm" c="dimmed" mb="sm">
        {task.reason && `${task.reason} · `}
        {task.actor} · {formatTime(task.startedAt, 'UTC')} UTC
        {runs && `, ${formatAge((now - Date.parse(task.startedAt)) / 1000)} ago`}
      </Text>
      <StepList steps={task.steps} words={stepWords} running={<HowFar progress={task.progress} />} />
      {runs && task.steps.every(({ state }) => state === 'waiting') && (
        <Text size="sm" c="dimmed" role="status">
          Waits for the worker.
        </Text>
      )}
      {!runs && <Outcome task={task} />}
      <Group gap="md" mt="sm">
        {children}
        {!runs && (
          <Button variant="default" size="xs" onClick={onClose}>
            Done
          </Button>
        )}
        <Anchor component={Link} href={`/recovery/journal?operationId=${task.id}`} size="sm">
          In the journal
        </Anchor>
      </Group>
    </Panel>
  )
}

function HowFar({ progress }: { progress: Task['progress'] }) {
  if (!progress || progress.total <= 0) return null
  const { done, total } = progress
  const percent = Math.min(100, (done / total) * 100)
  return (
    <>
      <div className="num">
        {formatBytes(done)} of {formatBytes(total)}, {Math.floor(percent)}%
      </div>
      <Progress value={percent} size="sm" mt={4} maw={420} aria-label="How far this step is" />
    </>
  )
}

function Outcome({ task }: { task: Task }) {
  const { kind, message, startedAt, endedAt, rtoSeconds, recoveredTo, folder } = task
  return (
    <>
      <Text fw={600} mt="sm" role="status">
        {message}
      </Text>
      <dl className={classes.outcome}>
        {endedAt && (
          <div>
            <dt>Took</dt>
            <dd>{formatSeconds(secondsBetween(startedAt, endedAt))}</dd>
          </div>
        )}
        {rtoSeconds !== null && (
          <div>
            <dt>RTO</dt>
            <dd>{formatSeconds(rtoSeconds)}</dd>
          </div>
        )}
        {recoveredTo && (
          <div>
            <dt>Recovered up to</dt>
            <dd>
              {recoveredTo.at && `${formatMoment(recoveredTo.at, 'UTC')} UTC, `}
              {recoveredTo.lsn}
            </dd>
          </div>
        )}
        {/* A cut-over has moved it. */}
        {folder && kind === 'restore' && (
          <div>
            <dt>Folder</dt>
            <dd>
              <Code className={classes.path}>{folder}</Code>
            </dd>
          </div>
        )}
      </dl>
    </>
  )
}
