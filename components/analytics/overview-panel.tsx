'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouter, useSearchParams } from 'next/navigation'
import { useQueryStates } from 'nuqs'
import { Freshness } from '@/components/layout/freshness'
import { PageHeader } from '@/components/layout/page-header'
import { RangePicker } from '@/components/layout/range-picker'
import { ClusterCard } from '@/components/recovery/cluster-card'
import { Columns, Rows } from '@/components/ui/grid'
import { BodySkeleton } from '@/components/ui/page-skeleton'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { getEventAnalytics } from '@/lib/analytics/events/contract'
import { query } from '@/lib/http/client'
import { CountTable } from './count-table'
import { definitions } from './definitions'
import { FirstEvent } from './first-event'
import { devicesInput, overviewInput } from './inputs'
import { keepWhileLoading } from './keep-while-loading'
import { ConversionCard } from './overview/conversion-card'
import { FallingCard } from './overview/falling-card'
import { NpsCard } from './overview/nps-card'
import classes from './overview/overview.module.css'
import { rangeParsers } from './search-params'
import { type Analytics, Totals } from './totals'
import { TrendPanel } from './trend-panel'

/** The product at a glance: how much it is used, by whom, and whether the data is safe. */
export function OverviewPanel() {
  const [search] = useQueryStates(rangeParsers)
  const answer = useQuery({ ...query(getEventAnalytics, overviewInput(search)), ...keepWhileLoading })
  const devices = useQuery({ ...query(getEventAnalytics, devicesInput(search)), ...keepWhileLoading })
  const { data, error, isFetching, isPlaceholderData } = answer
  const client = useQueryClient()
  const again = () => void client.refetchQueries({ type: 'active' })
  return (
    <>
      <PageHeader title="Overview">
        <Freshness
          asOf={data?.asOf}
          readFrom={data?.readFrom}
          timezone={data?.timezone}
          stale={error !== null}
          fetching={isFetching}
          refresh={again}
        />
        <RangePicker />
      </PageHeader>
      <Rows>
        {error && <ProblemAlert error={error} retry={again} retrying={isFetching} />}
        {data && (
          <Rows busy={isPlaceholderData}>
            <Body data={data} devices={devices.data} />
          </Rows>
        )}
        {!data && !error && <BodySkeleton />}
        <ClusterCard />
      </Rows>
    </>
  )
}

function Body({ data, devices }: { data: Analytics; devices?: Analytics }) {
  const show = useShowEvents()
  return (
    <>
      <Totals totals={data.totals} previous={data.previous} />
      {data.totals.events === 0 && <FirstEvent />}
      <Columns of="two">
        <TrendPanel analytics={data} metric="events" title="Events over time" height={220} />
        <TrendPanel analytics={data} metric="users" title="Users over time" height={220} />
      </Columns>
      <div className={classes.cards}>
        <ConversionCard />
        <FallingCard />
        <NpsCard />
      </div>
      <Columns of="three">
        <CountTable
          title="Top pages"
          definition={definitions.breakdown}
          of="Page"
          rows={data.breakdown ?? []}
          total={data.totals.events}
          csv="top-pages"
          onPick={(value) => show('page', value)}
        />
        <CountTable
          title="Top events"
          definition={definitions.top}
          of="Name"
          rows={data.top.map((row) => ({ ...row, value: row.name }))}
          total={data.totals.events}
          csv="top-events"
          onPick={(value) => show('name', value)}
        />
        <CountTable
          title="Devices"
          definition={definitions.breakdown}
          of="Device"
          rows={devices?.breakdown ?? []}
          total={devices?.totals.events ?? 0}
          csv="devices"
          onPick={(value) => show('device', value)}
        />
      </Columns>
    </>
  )
}

/** Goes to the events with one filter more, in the same project and range. */
function useShowEvents() {
  const router = useRouter()
  const current = useSearchParams()
  return (field: string, value: string | null) => {
    const search = new URLSearchParams(current)
    if (value !== null) search.set(field, value)
    router.push(`/events?${search}`)
  }
}
