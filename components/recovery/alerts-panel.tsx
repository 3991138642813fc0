'use client'

import { Alert } from '@mantine/core'
import { IconEyeOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Freshness } from '@/components/layout/freshness'
import { PageHeader } from '@/components/layout/page-header'
import { formatMoment } from '@/components/ui/format'
import { Rows } from '@/components/ui/grid'
import { later } from '@/components/ui/later'
import { BodySkeleton } from '@/components/ui/page-skeleton'
import { Panel } from '@/components/ui/panel'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { query } from '@/lib/http/client'
import { type AlertRule, getAlerts } from '@/lib/recovery/alerts/contract'
import { Channels } from './alerts/channels'
import { historyColumns, ruleColumns } from './alerts/columns'
import { definitions } from './definitions'

const RuleModal = later(() => import('./alerts/rule-modal').then((loaded) => loaded.RuleModal))

const EVERY_MS = 2_000
/** The worker looks every 2 s: after so long it does not. */
const STALE_MS = 30_000

/** Every alert with what it sees and when it fires, where alerts go, and what fired lately. */
export function AlertsPanel({ mayChange, isAdmin }: { mayChange: boolean; isAdmin: boolean }) {
  const [opened, setOpened] = useState<string>()
  const { data, error, refetch, isFetching, dataUpdatedAt } = useQuery({
    ...query(getAlerts, {}),
    refetchInterval: EVERY_MS,
    retry: false,
  })
  const rule = data?.rules.find(({ id }) => id === opened)
  const isStale = data !== undefined && (!data.asOf || dataUpdatedAt - Date.parse(data.asOf) > STALE_MS)
  return (
    <>
      <PageHeader title="Alerts" lead="What is watched, when it fires, and who is told.">
        <Freshness asOf={data?.asOf ?? undefined} stale={error !== null || isStale} />
      </PageHeader>
      <Rows>
        {error && !data && <ProblemAlert error={error} retry={() => void refetch()} retrying={isFetching} />}
        {isStale && (
          <Alert
            color="red"
            variant="outline"
            role="alert"
            icon={<IconEyeOff size={18} />}
            title="Nobody watches"
          >
            {data.asOf
              ? `The worker last looked at ${formatMoment(data.asOf, 'UTC')} UTC.`
              : 'The worker has not looked yet.'}{' '}
            Until it does, nothing fires and nobody is told.
          </Alert>
        )}
        {data ? (
          <>
            <Panel
              title="Rules"
              definition={definitions.alerts}
              csv="alerts"
              table={{
                caption: 'Alerts, those that fire first',
                columns: ruleColumns(setOpened),
                rows: data.rules.toSorted(byUrgency),
                rowKey: (rule) => rule.id,
              }}
            />
            {isAdmin && <Channels />}
            <Panel
              title="History"
              csv="alert-history"
              table={{
                caption: 'What fired and resolved, newest first',
                columns: historyColumns,
                rows: data.history,
                rowKey: (change) => change.id,
                maxHeight: 420,
                empty: 'Nothing has fired yet',
              }}
            />
          </>
        ) : (
          !error && <BodySkeleton />
        )}
      </Rows>
      <RuleModal
        opened={rule !== undefined}
        rule={rule}
        mayChange={mayChange}
        onClose={() => setOpened(undefined)}
      />
    </>
  )
}

const order = { firing: 0, pending: 1, resolved: 2, ok: 3 }

function byUrgency(a: AlertRule, b: AlertRule): number {
  const critical = Number(b.level === 'critical') - Number(a.level === 'critical')
  return order[a.state] - order[b.state] || critical
}
