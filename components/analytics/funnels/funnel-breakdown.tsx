'use client'

import { useQueryState } from 'nuqs'
import { BreakdownSelect, dimensionLabel, runDimensions } from '@/components/analytics/breakdown-select'
import { useFilters } from '@/components/analytics/use-filters'
import { FunnelMultiples } from '@/components/charts/funnel-multiples'
import { Panel } from '@/components/ui/panel'
import type { FunnelStage } from '@/lib/analytics/funnels/contract'
import { definitions } from './definitions'
import type { FunnelAnalytics } from './funnel-totals'
import { funnelParsers } from './search-params'
import { stageColumns } from './stages-panel'

interface Row extends FunnelStage {
  value: string | null
}

/** The same funnel for each value of a dimension, side by side. */
export function FunnelBreakdown({ funnel }: { funnel: FunnelAnalytics }) {
  const [breakdown, setBreakdown] = useQueryState(
    'breakdown',
    funnelParsers.breakdown.withOptions({ history: 'push' }),
  )
  const { setFilter } = useFilters()
  const of = dimensionLabel(breakdown)
  const groups = funnel.breakdown ?? []
  const rows: Row[] = groups.flatMap(({ value, stages }) => stages.map((stage) => ({ ...stage, value })))
  return (
    <Panel
      title="Breakdown"
      definition={definitions.breakdown}
      csv={`funnel-${funnel.funnel}-by-${breakdown}`}
      tools={<BreakdownSelect fields={runDimensions} value={breakdown} onChange={setBreakdown} />}
      table={{
        caption: `Stages of ${funnel.funnel} by ${of.toLowerCase()}`,
        columns: [
          { title: of, nowrap: true, value: (row) => row.value, show: (row) => row.value ?? <i>no value</i> },
          ...stageColumns<Row>(),
        ],
        rows,
        rowKey: (row) => `${row.value}·${row.order}`,
        empty: 'Nothing entered this funnel in this range',
      }}
    >
      <FunnelMultiples
        of={of}
        onPick={(value) => setFilter(breakdown, value)}
        funnels={groups.map(({ stages, ...group }) => ({
          ...group,
          stages: stages.map(({ order, name, entered, conversionFromStart }) => ({
            order,
            name,
            entered,
            fromStart: conversionFromStart,
          })),
        }))}
      />
    </Panel>
  )
}
