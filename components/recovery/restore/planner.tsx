'use client'

import { Anchor, Skeleton, Text } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import Link from 'next/link'
import { TimelinePanel } from '@/components/recovery/backups/timeline-panel'
import { EmptyState } from '@/components/ui/empty-state'
import { Rows } from '@/components/ui/grid'
import { ProblemAlert } from '@/components/ui/problem-alert'
import type { BackupList, Repository } from '@/lib/recovery/backups/contract'
import type { RestorePlan } from '@/lib/recovery/restore/contract'
import { Instructions } from './instructions'
import { OrderForm } from './order-form'
import { PlanSheet } from './plan-sheet'
import { addressOf, faultOf, timeOfTarget } from './target'
import { type Asked, TargetForm } from './target-form'
import { TimeMover } from './time-mover'

interface PlannerProps {
  asked: Asked
  plan: UseQueryResult<RestorePlan>
  data: BackupList
  repositories: Repository[]
  now: number
  mayAct: boolean
  busy: boolean
  onAsk: (change: Partial<Asked>) => void
  onBegun: (taskId: string) => void
}

/** The target, where it stands in time, the plan for it, and the ways to carry it out. */
export function Planner({
  asked,
  plan,
  data,
  repositories,
  now,
  mayAct,
  busy,
  onAsk,
  onBegun,
}: PlannerProps) {
  if (data.backups.length === 0) return <NothingToRestore />
  const fault = faultOf(asked.kind, asked.value)
  const shown = fault === null ? plan.data : undefined
  const window = repositories.find(({ number }) => number === asked.repository)?.window ?? null
  const latest = window?.to ?? null
  const at = shown ? timeOfTarget(shown.target, { ...data, latest }) : null
  return (
    <>
      <TargetForm
        asked={asked}
        repositories={repositories}
        points={data.restorePoints}
        latest={latest}
        timelines={timelinesOf([
          ...data.backups.filter(({ repository }) => repository === asked.repository),
          ...data.restorePoints,
          ...(window ? [window] : []),
        ])}
        onChange={onAsk}
      />
      <TimelinePanel
        repositories={repositories}
        backups={data.backups}
        restorePoints={data.restorePoints}
        now={now}
        target={shown && at !== null ? { at, reachable: shown.reachable } : undefined}
      >
        {({ from, to }) =>
          at !== null && (
            <TimeMover
              from={from}
              to={to}
              at={at}
              onMove={(moved) =>
                onAsk({ kind: 'time', value: `${new Date(moved).toISOString().slice(0, 19)}Z` })
              }
            />
          )
        }
      </TimelinePanel>
      {fault && (
        <Text size="sm" c="dimmed" role="status">
          {fault}. The plan is then shown here.
        </Text>
      )}
      {plan.error && !shown && !fault && (
        <ProblemAlert
          error={plan.error}
          title="The plan could not be made"
          retry={() => void plan.refetch()}
          retrying={plan.isFetching}
        />
      )}
      {!shown && !fault && !plan.error && <Skeleton h={200} radius="lg" />}
      {shown && (
        <Rows busy={plan.isPlaceholderData}>
          <PlanSheet
            plan={shown}
            known={data.backups}
            onTake={(target) => onAsk({ kind: target.kind, value: addressOf(target) })}
          />
          {mayAct && shown.reachable && <OrderForm plan={shown} busy={busy} onBegun={onBegun} />}
          <Instructions plan={shown} />
        </Rows>
      )}
    </>
  )
}

const timelinesOf = (known: { timeline: number }[]): number[] =>
  [...new Set(known.map(({ timeline }) => timeline))].sort((a, b) => b - a)

const NothingToRestore = () => (
  <EmptyState title="Nothing to restore yet">
    There is no backup.{' '}
    <Anchor component={Link} href="/recovery/backups" inherit>
      Make the first one
    </Anchor>
    : from its end on, every moment can be brought back.
  </EmptyState>
)
