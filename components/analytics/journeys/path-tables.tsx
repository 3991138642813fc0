'use client'

import { ShareBar } from '@/components/charts/share-bar'
import type { Column } from '@/components/ui/data-table'
import { formatDuration, formatShare } from '@/components/ui/format'
import { Panel } from '@/components/ui/panel'
import { definitions } from './definitions'
import type { JourneyAnalytics } from './journey-totals'
import { Path, pathText } from './path'

type PathRow = JourneyAnalytics['topPaths'][number]
type Transition = JourneyAnalytics['transitions'][number]
type Step = JourneyAnalytics['steps'][number]

const HEIGHT = 430

/** Whole paths, most frequent first. */
export function TopPaths({ journeys, completes }: { journeys: JourneyAnalytics; completes: boolean }) {
  const rows = journeys.topPaths
  const most = Math.max(1, ...rows.map((row) => row.count))
  const share = (row: PathRow) => (journeys.started > 0 ? row.count / journeys.started : null)
  const columns: Column<PathRow>[] = [
    {
      title: 'Path',
      value: (row) => pathText(row.path),
      show: (row) => <Path steps={row.path} />,
      bar: (row) => row.count / most,
    },
    { title: 'Runs', right: true, value: (row) => row.count },
    { title: 'Share', right: true, minor: true, value: share, show: (row) => formatShare(share(row)) },
  ]
  if (completes) {
    columns.push({
      title: 'Completion',
      right: true,
      value: (row) => row.completionRate,
      show: (row) => formatShare(row.completionRate),
    })
  }
  return (
    <Panel
      title="Top paths"
      definition={definitions.paths}
      csv="journey-paths"
      table={{
        caption: 'Top paths',
        columns,
        rows,
        rowKey: (row) => pathText(row.path),
        empty: 'No runs in this range',
        maxHeight: HEIGHT,
      }}
    />
  )
}

/** Steps that follow each other, most frequent first. */
export function Transitions({ journeys }: { journeys: JourneyAnalytics }) {
  const rows = journeys.transitions
  const most = Math.max(1, ...rows.map((row) => row.count))
  const all = rows.reduce((sum, row) => sum + row.count, 0)
  const columns: Column<Transition>[] = [
    { title: 'From', nowrap: true, value: (row) => row.from },
    { title: 'To', wide: true, value: (row) => row.to, bar: (row) => row.count / most },
    { title: 'Times', right: true, value: (row) => row.count },
    {
      title: 'Share',
      right: true,
      minor: true,
      value: (row) => row.count / all,
      show: (row) => formatShare(row.count / all),
    },
  ]
  return (
    <Panel
      title="Transitions"
      definition={definitions.transitions}
      csv="journey-transitions"
      table={{
        caption: 'Transitions',
        columns,
        rows,
        rowKey: (row) => `${row.from}·${row.to}`,
        empty: 'No step follows another in this range',
        maxHeight: HEIGHT,
      }}
    />
  )
}

/** Steps with their visits, exits and times; picking one looks at what comes after it. */
export function Steps({ journeys, onPick }: { journeys: JourneyAnalytics; onPick: (step: string) => void }) {
  const rows = journeys.steps
  const most = Math.max(1, ...rows.map((row) => row.visits))
  const columns: Column<Step>[] = [
    {
      title: 'Step',
      wide: true,
      value: (row) => row.name,
      bar: (row) => row.visits / most,
      onPick: (row) => () => onPick(row.name),
      pickLabel: (row) => `Start at ${row.name}`,
    },
    { title: 'Visits', right: true, value: (row) => row.visits },
    { title: 'Users', right: true, minor: true, value: (row) => row.users },
    { title: 'Exits', right: true, value: (row) => row.exits },
    {
      title: 'Exit rate',
      right: true,
      value: (row) => row.exitRate,
      show: (row) => <ShareBar share={row.exitRate} />,
    },
    time('Time on step p50', (row) => row.timeOnStepMs.p50),
    time('p90', (row) => row.timeOnStepMs.p90),
  ]
  return (
    <Panel
      title="Steps"
      definition={definitions.steps}
      csv="journey-steps"
      table={{
        caption: 'Steps',
        columns,
        rows,
        rowKey: (row) => row.name,
        empty: 'No runs in this range',
        maxHeight: HEIGHT,
      }}
    />
  )
}

const time = (title: string, value: (row: Step) => number | null): Column<Step> => ({
  title,
  right: true,
  minor: true,
  value,
  show: (row) => formatDuration(value(row)),
})
