'use client'

import { FunnelChart } from '@/components/charts/funnel-chart'
import type { Column } from '@/components/ui/data-table'
import { formatDuration, formatShare } from '@/components/ui/format'
import { Panel } from '@/components/ui/panel'
import type { FunnelStage } from '@/lib/analytics/funnels/contract'
import { definitions } from './definitions'
import type { FunnelAnalytics } from './funnel-totals'

interface Row extends FunnelStage {
  /** The stage of that name in the time before. */
  before?: FunnelStage
}

/** The stages of a funnel as bars, with the drop-off between them and the times. */
export function StagesPanel({ funnel }: { funnel: FunnelAnalytics }) {
  const { previous } = funnel
  const rows: Row[] = funnel.stages.map((stage) => ({
    ...stage,
    before: previous?.stages.find(({ name, order }) => name === stage.name && order === stage.order),
  }))
  const columns = previous ? [...stageColumns<Row>(), ...beforeColumns] : stageColumns<Row>()
  return (
    <Panel
      title="Stages"
      definition={definitions.stages}
      csv={`funnel-${funnel.funnel}-stages`}
      table={{
        caption: `Stages of ${funnel.funnel}`,
        columns,
        rows,
        rowKey: (row) => `${row.order}·${row.name}`,
        empty: 'Nothing entered this funnel in this range',
      }}
    >
      <FunnelChart
        definitions={definitions}
        bars={rows.map((row) => ({
          order: row.order,
          name: row.name,
          optional: row.optional,
          entered: row.entered,
          fromStart: row.conversionFromStart,
          fromPrevious: row.conversionFromPrevious,
          dropOff: row.dropOff,
          timeTo: row.timeToStageMs,
          timeIn: row.timeInStageMs,
          before: previous ? (row.before?.conversionFromStart ?? null) : undefined,
        }))}
      />
    </Panel>
  )
}

const beforeColumns: Column<Row>[] = [
  { title: 'Entered before', right: true, value: (row) => row.before?.entered },
  {
    title: 'From start before',
    right: true,
    value: (row) => row.before?.conversionFromStart,
    show: (row) => formatShare(row.before?.conversionFromStart ?? null),
  },
]

/** The numbers of a stage, for the eye and for CSV; shares from 0 to 1 and times in milliseconds there. */
export function stageColumns<Row extends FunnelStage>(): Column<Row>[] {
  const time = (title: string, value: (row: Row) => number | null): Column<Row> => ({
    title,
    right: true,
    value,
    show: (row) => formatDuration(value(row)),
  })
  return [
    { title: 'No.', right: true, value: (row) => row.order },
    { title: 'Stage', nowrap: true, value: (row) => row.name },
    { title: 'Optional', value: (row) => row.optional },
    { title: 'Entered', right: true, value: (row) => row.entered },
    {
      title: 'From start',
      right: true,
      value: (row) => row.conversionFromStart,
      show: (row) => formatShare(row.conversionFromStart),
    },
    {
      title: 'From previous',
      right: true,
      value: (row) => row.conversionFromPrevious,
      show: (row) => formatShare(row.conversionFromPrevious),
    },
    { title: 'Drop-off', right: true, value: (row) => row.dropOff },
    time('Time to stage p50', (row) => row.timeToStageMs.p50),
    time('Time to stage p90', (row) => row.timeToStageMs.p90),
    time('Time in stage p50', (row) => row.timeInStageMs.p50),
    time('Time in stage p90', (row) => row.timeInStageMs.p90),
  ]
}
