'use client'

import { Button, Skeleton } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import { useState } from 'react'
import { PageHeader } from '@/components/layout/page-header'
import { useProject } from '@/components/layout/project-select'
import { EmptyState } from '@/components/ui/empty-state'
import { Rows } from '@/components/ui/grid'
import { later } from '@/components/ui/later'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { listMetricAlerts, type MetricAlert } from '@/lib/analytics/metric-alerts/contract'
import { query } from '@/lib/http/client'
import { metricAlertsInput } from './metric-alerts/inputs'
import { MetricAlertList } from './metric-alerts/metric-alert-list'
import { rangeParsers } from './search-params'

const MetricAlertForm = later(() =>
  import('./metric-alerts/metric-alert-form').then((loaded) => loaded.MetricAlertForm),
)

const EVERY_MS = 5_000

/** Bounds on the project’s own numbers: made and changed here, and how they stand. */
export function MetricAlertsPanel() {
  const { project } = useProject()
  const mayChange = project !== undefined && project.role !== 'viewer'
  const [range] = useQueryStates(rangeParsers)
  const [edited, setEdited] = useState<MetricAlert | 'new'>()
  const { data, error, refetch, isFetching } = useQuery({
    ...query(listMetricAlerts, metricAlertsInput(range.project)),
    refetchInterval: EVERY_MS,
  })
  return (
    <>
      <PageHeader
        title="Metric alerts"
        lead={
          mayChange
            ? 'Be told when a number of the project passes a bound.'
            : 'Operators and admins make and change metric alerts; you see them.'
        }
      >
        {mayChange && (
          <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited('new')}>
            New metric alert
          </Button>
        )}
      </PageHeader>
      <Rows>
        {error && <ProblemAlert error={error} retry={() => void refetch()} retrying={isFetching} />}
        {!data && !error && <Skeleton h={240} radius="lg" />}
        {data && data.alerts.length > 0 && (
          <MetricAlertList
            alerts={data.alerts}
            project={range.project ?? undefined}
            onEdit={mayChange ? setEdited : undefined}
          />
        )}
        {data?.alerts.length === 0 && (
          <EmptyState title="No metric alerts yet">
            A metric alert watches one number: how often an event comes, the success rate of a feature, the
            conversion of a funnel, or the score of a survey. It fires when the number is above or below a
            bound, or has risen or fallen against the time before. A banner says so, and so do the channels
            that an admin adds under Recovery › Alerts.
          </EmptyState>
        )}
      </Rows>
      {edited && (
        <MetricAlertForm
          alert={edited === 'new' ? undefined : edited}
          project={range.project ?? undefined}
          onClose={() => setEdited(undefined)}
        />
      )}
    </>
  )
}
