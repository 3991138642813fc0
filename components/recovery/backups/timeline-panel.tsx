import type { ReactNode } from 'react'
import { formatMoment } from '@/components/ui/format'
import { Panel } from '@/components/ui/panel'
import { definitions } from './definitions'
import { type FigureInput, type FigureModel, modelOf } from './figure-model'
import { factColumns, factsOf } from './timeline-facts'
import { BackupTimeline } from './timeline-figure'
import { Legend } from './timeline-legend'

interface TimelinePanelProps extends FigureInput {
  /** Stands below the picture, such as what moves the target. */
  children?: (model: FigureModel) => ReactNode
}

/** Backups, archive, gaps and restore points of each repository as a picture, with the same facts as a table. */
export function TimelinePanel({ children, ...input }: TimelinePanelProps) {
  const model = modelOf(input)
  if (!model) return null
  const facts = factsOf(input)
  return (
    <Panel
      title="Time line"
      definition={definitions.timeline}
      csv="backup-time-line"
      table={{
        caption: 'What each repository holds, and the restore points',
        columns: factColumns,
        rows: facts,
        rowKey: ({ what, repository, from }) => `${what} ${repository} ${from}`,
      }}
    >
      <BackupTimeline model={model} label={wordsOf(input)} />
      {children?.(model)}
      <Legend backups={input.backups} gaps={input.repositories.some(({ gaps }) => gaps.length > 0)} />
    </Panel>
  )
}

/** The picture in a sentence or two; the table has every fact. */
function wordsOf({ repositories, backups, restorePoints }: FigureInput): string {
  const lanes = repositories.map(({ number, window, gaps }) => {
    const count = backups.filter(({ repository }) => repository === number).length
    const reach = window
      ? `every moment from ${formatMoment(window.from, 'UTC')} to ${formatMoment(window.to, 'UTC')} UTC can be restored`
      : 'nothing can be restored'
    return `Repository ${number}: ${count} backups, ${reach}, ${gaps.length} gaps in the archive`
  })
  return `${lanes.join('. ')}. ${restorePoints.length} restore points.`
}
