'use client'

import { useQuery } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import { Freshness } from '@/components/layout/freshness'
import { PageHeader } from '@/components/layout/page-header'
import { RangePicker } from '@/components/layout/range-picker'
import { Columns, Rows } from '@/components/ui/grid'
import { BodySkeleton } from '@/components/ui/page-skeleton'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { getJourneyAnalytics } from '@/lib/analytics/journeys/contract'
import { query } from '@/lib/http/client'
import { FilterBar } from './filter-bar'
import { definitions } from './journeys/definitions'
import { FirstStep } from './journeys/first-step'
import { FlowPanel } from './journeys/flow-panel'
import { journeysInput } from './journeys/inputs'
import { JourneyBreakdown } from './journeys/journey-breakdown'
import { JourneyControls } from './journeys/journey-controls'
import { type JourneyAnalytics, JourneyTotals } from './journeys/journey-totals'
import { Steps, TopPaths, Transitions } from './journeys/path-tables'
import { RunList } from './journeys/run-list'
import { journeyParsers } from './journeys/search-params'
import { keepWhileLoading } from './keep-while-loading'
import { RateTrendPanel } from './rate-trend-panel'
import { commonFields } from './search-params'

/** Where people go: the flow of a journey, its paths and exits, its course, and single runs. */
export function JourneysPanel() {
  const [search] = useQueryStates(journeyParsers)
  const { data, error, refetch, isFetching, isPlaceholderData } = useQuery({
    ...query(getJourneyAnalytics, journeysInput(search)),
    ...keepWhileLoading,
  })
  return (
    <>
      <PageHeader title="Journeys">
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
        <FilterBar fields={commonFields}>
          <JourneyControls data={data} />
        </FilterBar>
        {error && <ProblemAlert error={error} retry={() => void refetch()} retrying={isFetching} />}
        {data && (
          <Rows busy={isPlaceholderData}>
            <Body data={data} />
          </Rows>
        )}
        {!data && !error && <BodySkeleton />}
        {/* Sessions have no runs of their own to list: their events stand on the page of events. */}
        {search.source === 'steps' && (data || !error) && <RunList timezone={data?.timezone ?? 'UTC'} />}
      </Rows>
    </>
  )
}

function Body({ data }: { data: JourneyAnalytics }) {
  const [{ source, end }, setSearch] = useQueryStates(
    { start: journeyParsers.start, end: journeyParsers.end, source: journeyParsers.source },
    { history: 'push' },
  )
  // Nobody records the completion of a session.
  const completes = source === 'steps' || end !== null
  const points = (series: JourneyAnalytics['series']) =>
    series.map(({ at, started, completed, completionRate }) => ({
      at,
      began: started,
      completed,
      rate: completionRate,
    }))
  if (data.started === 0) {
    return (
      <>
        <JourneyTotals journeys={data} completes={completes} />
        <FirstStep />
      </>
    )
  }
  return (
    <>
      <JourneyTotals journeys={data} completes={completes} />
      <FlowPanel journeys={data} anchored={end !== null} />
      <Steps journeys={data} onPick={(start) => setSearch({ start })} />
      <Columns of="two">
        <TopPaths journeys={data} completes={completes} />
        <Transitions journeys={data} />
      </Columns>
      <RateTrendPanel
        title="Over time"
        definition={definitions.trend}
        names={{ rate: 'Completion', began: 'Started', completed: 'Completed' }}
        series={points(data.series)}
        previous={data.previous ? points(data.previous.series) : undefined}
        coverage={data}
        csv={`journeys-by-${data.interval}`}
        metrics={completes ? undefined : ['began']}
      />
      <JourneyBreakdown journeys={data} completes={completes} />
    </>
  )
}
