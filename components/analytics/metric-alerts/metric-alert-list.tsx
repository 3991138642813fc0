'use client'

import { Box, Button, Text } from '@mantine/core'
import { useConfirm } from '@/components/ui/confirm'
import type { Column } from '@/components/ui/data-table'
import { formatMoment } from '@/components/ui/format'
import { Panel } from '@/components/ui/panel'
import { StatusBadge } from '@/components/ui/status-badge'
import { useChange } from '@/components/ui/use-change'
import { deleteMetricAlert, listMetricAlerts, type MetricAlert } from '@/lib/analytics/metric-alerts/contract'
import { send } from '@/lib/http/client'
import { describeCondition, describeMetric } from './words'

const DEFINITION =
  'Each number is measured three times a minute, by the definition of its page, over the hours up to then. It fires at once, and resolves when it has been well for 15 minutes; then whoever is in the channels for metric alerts is told. With too few records nothing is said, and its state stays.'

/** Pixels that the wide column has to leave, for two or three lines. */
const SENTENCE = 210

interface MetricAlertListProps {
  alerts: MetricAlert[]
  project: string | undefined
  /** Absent for those who may only see them. */
  onEdit?: (alert: MetricAlert) => void
}

/** The metric alerts of the project, those that fire first. */
export function MetricAlertList({ alerts, project, onEdit }: MetricAlertListProps) {
  const confirm = useConfirm()
  const remove = useChange(
    [listMetricAlerts],
    ({ id }: MetricAlert) => send(deleteMetricAlert, { id, project }),
    'The metric alert is deleted.',
  )
  const ask = (alert: MetricAlert) =>
    confirm({
      title: `Delete ${alert.name}?`,
      children: (
        <Text size="sm">
          It is measured no more, and cannot be brought back.
          {alert.active && ' To have it back later, turn it off instead.'}
        </Text>
      ),
      confirm: 'Delete the alert',
      cancel: 'Keep it',
      onConfirm: () => remove.mutate(alert),
    })
  const columns: Column<MetricAlert>[] = [
    {
      title: 'Name',
      wide: true,
      value: ({ name }) => name,
      onPick: (alert) => onEdit && (() => onEdit(alert)),
      pickLabel: ({ name }) => `Change ${name}`,
    },
    {
      title: 'State',
      value: ({ state }) => state,
      show: ({ state, since }) => (
        <Box miw={112}>
          <StatusBadge {...looks[state]} />
          {since && (state === 'firing' || state === 'resolved') && (
            <Text size="xs" c="dimmed" mt={3}>
              since {formatMoment(since, 'UTC')} UTC
            </Text>
          )}
        </Box>
      ),
    },
    {
      title: 'Fires when',
      minor: true,
      value: describeRule,
      show: (alert) => <Box miw={SENTENCE}>{describeRule(alert)}</Box>,
    },
    {
      title: 'Measured',
      minor: true,
      value: ({ detail }) => detail,
      show: ({ detail }) => <Box miw={SENTENCE}>{detail}</Box>,
    },
  ]
  if (onEdit)
    columns.push({
      title: 'Actions',
      right: true,
      value: () => null,
      show: (alert) => (
        <Button
          size="compact-xs"
          variant="default"
          c="var(--hf-bad)"
          aria-label={`Delete ${alert.name}`}
          onClick={() => ask(alert)}
        >
          Delete
        </Button>
      ),
    })
  const firingFirst = alerts.toSorted((a, b) => Number(b.state === 'firing') - Number(a.state === 'firing'))
  return (
    <Panel
      title="Metric alerts of this project"
      definition={DEFINITION}
      csv="metric-alerts"
      table={{
        caption: 'Metric alerts, those that fire first',
        columns,
        rows: firingFirst,
        rowKey: ({ id }) => id,
      }}
    />
  )
}

const describeRule = (alert: MetricAlert): string =>
  `${describeMetric(alert.metric)} ${describeCondition(alert)}`

const looks = {
  ok: { status: 'pass', label: 'Well' },
  resolved: { status: 'pass', label: 'Resolved' },
  firing: { status: 'fail', label: 'Fires' },
  unknown: { status: 'warn', label: 'Unknown' },
  off: { status: 'warn', label: 'Off' },
} as const
