'use client'

import { Anchor, Button, Group } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconArrowLeft, IconPencil, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useQueryStates } from 'nuqs'
import { Freshness } from '@/components/layout/freshness'
import { PageHeader } from '@/components/layout/page-header'
import { RangePicker } from '@/components/layout/range-picker'
import { EmptyState } from '@/components/ui/empty-state'
import { Rows } from '@/components/ui/grid'
import { BodySkeleton } from '@/components/ui/page-skeleton'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { getFunnelAnalytics } from '@/lib/analytics/funnels/contract'
import { query } from '@/lib/http/client'
import { FilterBar } from './filter-bar'
import { Builder } from './funnels/builder'
import { definitions } from './funnels/definitions'
import { writeDraft } from './funnels/draft'
import { FunnelBreakdown } from './funnels/funnel-breakdown'
import { FunnelControls } from './funnels/funnel-controls'
import { type FunnelAnalytics, FunnelTotals } from './funnels/funnel-totals'
import { funnelInput, isAskable } from './funnels/inputs'
import { funnelParsers } from './funnels/search-params'
import { StagesPanel } from './funnels/stages-panel'
import { useDeleteFunnel } from './funnels/use-delete-funnel'
import { useFunnelAddress } from './funnels/use-funnel-address'
import { windowLabel } from './funnels/windows'
import { keepWhileLoading } from './keep-while-loading'
import { RateTrendPanel } from './rate-trend-panel'
import { commonFields } from './search-params'

/** Milliseconds without a change after which a draft is counted. */
const PAUSE_MS = 300

/** One funnel: its stages, the drop-off between them, its course and its breakdown; and the builder, for a draft. */
export function FunnelPanel({ funnel }: { funnel: string }) {
  const [search, setSearch] = useQueryStates(funnelParsers, { history: 'push' })
  const { list } = useFunnelAddress()
  const [definition] = useDebouncedValue(search.definition, PAUSE_MS)
  const asked = { ...search, definition: search.definition === null ? null : definition }
  const askable = isAskable(asked)
  const { data, error, refetch, isFetching, isPlaceholderData } = useQuery({
    ...query(getFunnelAnalytics, funnelInput(funnel, asked)),
    ...keepWhileLoading,
    enabled: askable,
  })
  const remove = useDeleteFunnel(funnel)
  const draft = search.definition
  const saved = draft === null ? data?.definition : null
  return (
    <>
      <Anchor component={Link} href={list} fz="sm" display="inline-flex" style={{ alignItems: 'center' }}>
        <IconArrowLeft size={15} aria-hidden="true" /> All funnels
      </Anchor>
      <PageHeader title={funnel} lead={leadOf(data, draft !== null)}>
        <Freshness
          asOf={data?.asOf}
          readFrom={data?.readFrom}
          timezone={data?.timezone}
          stale={error !== null}
          fetching={isFetching}
          refresh={() => void refetch()}
        />
        <RangePicker />
        {saved && (
          <Group gap="xs" wrap="nowrap">
            <Button
              variant="default"
              leftSection={<IconPencil size={16} />}
              onClick={() => setSearch({ definition: writeDraft(toDraft(saved)) })}
            >
              Edit
            </Button>
            <Button
              variant="default"
              c="var(--hf-bad)"
              leftSection={<IconTrash size={16} />}
              onClick={remove}
            >
              Delete
            </Button>
          </Group>
        )}
      </PageHeader>
      <Rows>
        {draft !== null && <Builder funnel={funnel} text={draft} />}
        <FilterBar fields={commonFields}>
          <FunnelControls draft={draft !== null} data={data} />
        </FilterBar>
        {error && askable && (
          <ProblemAlert error={error} retry={() => void refetch()} retrying={isFetching} />
        )}
        {data && askable && (
          <Rows busy={isPlaceholderData}>
            <Body data={data} />
          </Rows>
        )}
        {!data && !error && askable && <BodySkeleton />}
        {!askable && (
          <EmptyState title="Choose two events to see their numbers">
            The first step is where a user enters the funnel; each later one counts after the one before. What
            you choose stands in the address, so that a link shares it before it is saved.
          </EmptyState>
        )}
      </Rows>
    </>
  )
}

function Body({ data }: { data: FunnelAnalytics }) {
  const points = (series: FunnelAnalytics['series']) =>
    series.map(({ at, entered, completed, conversionRate }) => ({
      at,
      began: entered,
      completed,
      rate: conversionRate,
    }))
  return (
    <>
      <FunnelTotals funnel={data} />
      <StagesPanel funnel={data} />
      <RateTrendPanel
        title="Over time"
        definition={definitions.trend}
        names={{ rate: 'Conversion', began: 'Entered', completed: 'Completed' }}
        series={points(data.series)}
        previous={data.previous ? points(data.previous.series) : undefined}
        coverage={data}
        csv={`funnel-${data.funnel}-by-${data.interval}`}
      />
      <FunnelBreakdown funnel={data} />
    </>
  )
}

const toDraft = (saved: NonNullable<FunnelAnalytics['definition']>) => ({
  steps: saved.steps.map(({ name, filters = {}, label = '', optional = false }) => ({
    name,
    filters,
    label,
    optional,
  })),
  exclusions: (saved.exclusions ?? []).map(({ name, filters = {} }) => ({ name, filters })),
  window: saved.window ?? '14d',
})

/** How the funnel came to be. */
function leadOf(data: FunnelAnalytics | undefined, draft: boolean): string {
  if (draft) return 'From events, counted by user. Not saved as it stands here.'
  if (!data) return ' '
  return data.source === 'events'
    ? `From events, counted by user, within ${windowLabel(data.definition?.window ?? '')}`
    : 'Stages that the app records, counted by run'
}
