'use client'

import { SegmentedControl, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import { Freshness } from '@/components/layout/freshness'
import { PageHeader } from '@/components/layout/page-header'
import { RangePicker } from '@/components/layout/range-picker'
import { Definition } from '@/components/ui/definition'
import { formatNumber } from '@/components/ui/format'
import { Columns, Rows } from '@/components/ui/grid'
import { BodySkeleton } from '@/components/ui/page-skeleton'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { getEventAnalytics } from '@/lib/analytics/events/contract'
import { query } from '@/lib/http/client'
import { BreakdownPanel } from './breakdown-panel'
import { CompareSwitch } from './compare-switch'
import { CountTable } from './count-table'
import { definitions } from './definitions'
import { EventList } from './event-list'
import { FilterBar } from './filter-bar'
import { FirstEvent } from './first-event'
import { eventsInput } from './inputs'
import { IntervalControl } from './interval-control'
import { keepWhileLoading } from './keep-while-loading'
import { eventParsers } from './search-params'
import { type Analytics, Totals } from './totals'
import { TrendPanel } from './trend-panel'
import { useFilters } from './use-filters'

/** Events counted, over time, by name and by any field, and one by one. */
export function EventsPanel() {
  const [search] = useQueryStates(eventParsers)
  const { data, error, refetch, isFetching, isPlaceholderData } = useQuery({
    ...query(getEventAnalytics, eventsInput(search)),
    ...keepWhileLoading,
  })
  return (
    <>
      <PageHeader title="Events">
        <Freshness
          asOf={data?.asOf}
          readFrom={data?.readFrom}
          timezone={data?.timezone}
          stale={error !== null}
          fetching={isFetching}
          refresh={() => void refetch()}
        />
        <RangePicker />
      </PageHeader>
      <Rows>
        <FilterBar>
          <CompareSwitch />
        </FilterBar>
        {error && <ProblemAlert error={error} retry={() => void refetch()} retrying={isFetching} />}
        {data && (
          <Rows busy={isPlaceholderData}>
            <Body data={data} />
          </Rows>
        )}
        {!data && !error && <BodySkeleton />}
        {(data || !error) && <EventList timezone={data?.timezone ?? 'UTC'} />}
      </Rows>
    </>
  )
}

function Body({ data }: { data: Analytics }) {
  const [{ metric }, setSearch] = useQueryStates({ metric: eventParsers.metric }, { history: 'push' })
  const { setFilter } = useFilters()
  return (
    <>
      <Totals totals={data.totals} previous={data.previous} />
      {data.totals.events === 0 && <FirstEvent />}
      <TrendPanel
        analytics={data}
        metric={metric}
        title={metric === 'events' ? 'Events over time' : 'Users over time'}
        height={280}
        tools={
          <>
            <SegmentedControl
              size="xs"
              aria-label="What is counted"
              value={metric}
              onChange={(value) => setSearch({ metric: value as typeof metric })}
              data={[
                { value: 'events', label: 'Events' },
                { value: 'users', label: 'Users' },
              ]}
            />
            <IntervalControl used={data.interval} />
          </>
        }
      />
      {data.dropped.bots > 0 && (
        <Text size="xs" c="dimmed" component="div">
          {formatNumber(data.dropped.bots)} records from bots were left out.
          <Definition of="records from bots">{definitions.bots}</Definition>
        </Text>
      )}
      <Columns of="two">
        <CountTable
          title="Top events"
          definition={definitions.top}
          of="Name"
          rows={data.top.map((row) => ({ ...row, value: row.name }))}
          total={data.totals.events}
          csv="top-events"
          withType
          onPick={(value) => setFilter('name', value)}
        />
        <BreakdownPanel analytics={data} />
      </Columns>
    </>
  )
}
