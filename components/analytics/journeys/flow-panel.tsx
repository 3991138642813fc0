'use client'

import { FlowFigure } from '@/components/charts/flow-figure'
import type { Column } from '@/components/ui/data-table'
import { Panel } from '@/components/ui/panel'
import { definitions } from './definitions'
import { flowOf } from './flow'
import { ROWS } from './inputs'
import type { JourneyAnalytics } from './journey-totals'

type Link = JourneyAnalytics['links'][number]

/** Where runs go, step by step, as a flow. */
export function FlowPanel({ journeys, anchored }: { journeys: JourneyAnalytics; anchored: boolean }) {
  return (
    <Panel
      title="Flow"
      definition={definitions.flow}
      csv="journey-flow"
      table={{
        caption: 'Flow by place in the path',
        columns,
        rows: journeys.links,
        rowKey: ({ position, from, to }) => `${position}·${from}·${to ?? ''}`,
        empty: 'No runs in this range',
      }}
    >
      <FlowFigure flow={flowOf(journeys, ROWS, anchored)} />
    </Panel>
  )
}

const columns: Column<Link>[] = [
  { title: 'Place', right: true, value: (link) => link.position },
  { title: 'From', nowrap: true, value: (link) => link.from },
  {
    title: 'To',
    nowrap: true,
    value: (link) => link.to,
    show: (link) => link.to ?? <i>the run ends</i>,
  },
  { title: 'Runs', right: true, value: (link) => link.count },
]
