'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Definition } from '@/components/ui/definition'
import { formatDuration, formatMoment, NONE } from '@/components/ui/format'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { StatusBadge } from '@/components/ui/status-badge'
import { query } from '@/lib/http/client'
import { type BackupHealth, getBackupHealth } from '@/lib/recovery/backups/contract'
import { listOperations, type Operation } from '@/lib/recovery/operations/contract'
import { definitions } from './definitions'
import classes from './plan-panel.module.css'

const EVERY_MS = 10_000

/** What the plan’s targets are measured against, as it is now. Answers with every database down. */
export function PlanPanel() {
  const health = useQuery({ ...query(getBackupHealth, {}), refetchInterval: EVERY_MS, retry: false })
  const moves = useQuery({ ...query(listOperations, {}), refetchInterval: EVERY_MS, retry: false })
  const last = moves.data?.operations.find(({ rtoSeconds }) => rtoSeconds !== null)
  return (
    <section className={classes.panel} aria-label="Measured now">
      {health.error && !health.data && (
        <ProblemAlert error={health.error} retry={() => void health.refetch()} retrying={health.isFetching} />
      )}
      <dl className={classes.facts}>
        {factsOf(health.data, last).map(({ label, definition, value, more }) => (
          <div key={label} className={classes.fact}>
            <dt>
              {label}
              <Definition of={label}>{definition}</Definition>
            </dt>
            <dd className={classes.value}>{value}</dd>
            <dd className={classes.more}>{more}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

interface Fact {
  label: string
  definition: string
  value: string
  more: ReactNode
}

function factsOf(health: BackupHealth | undefined, moved: Operation | undefined): Fact[] {
  const drill = health?.lastDrill
  const newest = health?.newest
  const window = health?.window
  return [
    {
      label: 'RPO now',
      definition: definitions.backupRpo,
      value: seconds(health?.rpoSeconds),
      more: 'if every member were lost',
    },
    {
      label: 'RTO, last drill',
      definition: definitions.drillRto,
      value: seconds(drill?.rtoSeconds),
      more: drill ? moment(drill.at) : 'No drill yet',
    },
    {
      label: 'RTO, leader moved',
      definition: definitions.moveRto,
      value: seconds(moved?.rtoSeconds),
      more: moved ? `${moved.kind}, ${moment(moved.startedAt)}` : 'It was never moved from here',
    },
    {
      label: 'Last backup',
      definition: definitions.lastBackup,
      value: newest ? `${seconds(health.ageSeconds)} ago` : NONE,
      more: newest ? `${newest.kind}, ${moment(newest.endedAt)}` : 'There is none',
    },
    {
      label: 'Last drill',
      definition: definitions.lastDrill,
      value: drill ? (drill.passed ? 'passed' : 'failed') : NONE,
      more: <DrillBadge drill={drill} />,
    },
    {
      label: 'Recovery window',
      definition: definitions.window,
      value: window ? seconds((Date.parse(window.to) - Date.parse(window.from)) / 1000) : NONE,
      more: window ? `${moment(window.from)} to ${moment(window.to)}` : 'Nothing can be recovered to',
    },
  ]
}

function DrillBadge({ drill }: { drill: BackupHealth['lastDrill'] | undefined }) {
  if (!drill) return <StatusBadge status="warn" label="Nothing is proven" />
  return (
    <StatusBadge
      status={drill.passed ? 'pass' : 'fail'}
      label={drill.passed ? 'Backups are proven' : 'See its steps'}
    />
  )
}

const seconds = (value: number | null | undefined): string => {
  if (value === null || value === undefined) return NONE
  if (value >= 172_800) return `${Math.floor(value / 86_400)} d`
  return formatDuration(value * 1000)
}

const moment = (iso: string): string => `${formatMoment(iso, 'UTC')} UTC`
