'use client'

import { SegmentedControl, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import { useState } from 'react'
import { keepWhileLoading } from '@/components/analytics/keep-while-loading'
import { Pager } from '@/components/analytics/pager'
import type { Column } from '@/components/ui/data-table'
import { formatDuration, formatMoment } from '@/components/ui/format'
import { later } from '@/components/ui/later'
import { Panel } from '@/components/ui/panel'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { type JourneyRun, listJourneyRuns } from '@/lib/analytics/journeys/contract'
import { query } from '@/lib/http/client'
import { definitions } from './definitions'
import { runsInput } from './inputs'
import { Path, pathText } from './path'
import { journeyParsers } from './search-params'

const RunDrawer = later(() => import('./run-drawer').then((loaded) => loaded.RunDrawer))

/** Single runs, newest first, a page at a time; one opens with its steps. */
export function RunList({ timezone }: { timezone: string }) {
  const [search, setSearch] = useQueryStates(journeyParsers, { history: 'push', scroll: false })
  const [open, setOpen] = useState<JourneyRun | null>(null)
  const { data, error, refetch, isFetching, isPlaceholderData } = useQuery({
    ...query(listJourneyRuns, runsInput(search)),
    ...keepWhileLoading,
  })
  if (error && !data) return <ProblemAlert error={error} retry={() => void refetch()} retrying={isFetching} />
  if (!data) return <Skeleton h={900} radius="lg" />
  return (
    <>
      <Panel
        title="Runs"
        definition={definitions.runs}
        csv="journey-runs"
        table={{
          caption: 'Runs',
          columns: columnsFor(timezone, setOpen),
          rows: data.items,
          rowKey: (run) => `${run.userId}·${run.journey}·${run.runId}`,
          empty: 'No runs in this range',
        }}
        tools={
          <>
            <SegmentedControl
              size="xs"
              aria-label="Which runs"
              value={search.ended ?? ''}
              onChange={(value) =>
                setSearch({ ended: value === '' ? null : (value as 'true' | 'false'), cursor: null })
              }
              data={[
                { value: '', label: 'All' },
                { value: 'true', label: 'Completed' },
                { value: 'false', label: 'Not completed' },
              ]}
            />
            <Pager next={data.nextCursor} loading={isPlaceholderData} />
          </>
        }
      />
      <RunDrawer opened={open !== null} run={open} timezone={timezone} onClose={() => setOpen(null)} />
    </>
  )
}

function columnsFor(timezone: string, open: (run: JourneyRun) => void): Column<JourneyRun>[] {
  return [
    {
      title: `Started (${timezone})`,
      nowrap: true,
      value: (run) => run.startedAt,
      show: (run) => <span className="num">{formatMoment(run.startedAt, timezone)}</span>,
      onPick: (run) => () => open(run),
      pickLabel: (run) => `Show the steps of ${run.userId} in ${run.journey}`,
    },
    { title: 'Journey', nowrap: true, minor: true, value: (run) => run.journey },
    { title: 'User', nowrap: true, value: (run) => run.userId },
    {
      title: 'Path',
      minor: true,
      value: (run) => pathText(run.path),
      show: (run) => <Path steps={run.path} />,
    },
    {
      title: 'Completed',
      value: (run) => run.completedAt,
      show: (run) => (run.completedAt ? 'yes' : 'no'),
    },
    {
      title: 'Duration',
      right: true,
      value: (run) => run.durationMs,
      show: (run) => formatDuration(run.durationMs),
    },
  ]
}
