'use client'

import { useQueryState } from 'nuqs'
import { BreakdownSelect, dimensionLabel, runDimensions } from '@/components/analytics/breakdown-select'
import { ValueName, type ValueRow, valueKey, valueText } from '@/components/analytics/shared/value-column'
import { useFilters } from '@/components/analytics/use-filters'
import { FunnelMultiples } from '@/components/charts/funnel-multiples'
import { Panel } from '@/components/ui/panel'
import type { FunnelStage } from '@/lib/analytics/funnels/contract'
import { definitions } from './definitions'
import type { FunnelAnalytics } from './funnel-totals'
import { funnelParsers } from './search-params'
import { stageColumns } from './stages-panel'

interface Row extends FunnelStage, ValueRow {}

/** The same funnel for each value of a dimension, and for all others, side by side. */
export function FunnelBreakdown({ funnel }: { funnel: FunnelAnalytics }) {
  const [breakdown, setBreakdown] = useQueryState(
    'breakdown',
    funnelParsers.breakdown.withOptions({ history: 'push' }),
  )
  const { setFilter } = useFilters()
  const of = dimensionLabel(breakdown)
  const groups = funnel.breakdown ?? []
  const rows: Row[] = groups.flatMap(({ value, rest, stages }) =>
    stages.map((stage) => ({ ...stage, value, rest })),
  )
  return (
    <Panel
      title="Breakdown"
      definition={definitions.breakdown}
      csv={`funnel-${funnel.funnel}-by-${breakdown}`}
      tools={<BreakdownSelect fields={runDimensions} value={breakdown} onChange={setBreakdown} />}
      table={{
        caption: `Stages of ${funnel.funnel} by ${of.toLowerCase()}`,
        columns: [{ title: of, nowrap: true, value: valueText, show: ValueName }, ...stageColumns<Row>()],
        rows,
        rowKey: (row) => `${valueKey(row)}·${row.order}·${row.name}`,
        empty: 'Nothing entered this funnel in this range',
      }}
    >
      <FunnelMultiples
        funnels={groups.map(({ stages, value, rest, ...rates }) => ({
          ...rates,
          key: valueKey({ value, rest }),
          name: <ValueName value={value} rest={rest} />,
          ...(value && {
            pickLabel: `Show only ${of.toLowerCase()} ${value}`,
            onPick: () => setFilter(breakdown, value),
          }),
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
