'use client'

import { Gauge } from '@/components/charts/gauge'
import type { Column } from '@/components/ui/data-table'
import { Definition } from '@/components/ui/definition'
import { formatNumber, NONE } from '@/components/ui/format'
import { Panel } from '@/components/ui/panel'
import { PointChange } from '@/components/ui/point-change'
import { definitions } from './definitions'
import classes from './satisfaction.module.css'
import { type Metrics, surveyWords } from './surveys'

interface Row {
  label: string
  now: number | null
  before: number | null | undefined
}

const formatAverage = (value: number | null): string => value?.toFixed(2) ?? NONE
const columns: Column<Row>[] = [
  { title: 'Number', wide: true, value: (row) => row.label },
  { title: 'Now', right: true, value: (row) => row.now, show: (row) => shown(row.now) },
]
const beforeColumn: Column<Row> = {
  title: 'The time before',
  right: true,
  value: (row) => row.before,
  show: (row) => shown(row.before ?? null),
}
const shown = (value: number | null): string =>
  value === null || Number.isInteger(value) ? formatNumber(value) : value.toFixed(2)

/** The survey's score on its scale, how it moved, and how many answered. */
export function ScorePanel({ metrics }: { metrics: Metrics }) {
  const { survey, score, previous, responses, average } = metrics
  const words = surveyWords[survey]
  const rows: Row[] = [
    { label: words.label, now: score, before: previous?.score },
    { label: 'Responses', now: responses, before: previous?.responses },
    { label: 'Average', now: average, before: previous?.average },
  ]
  return (
    <Panel
      title={words.name}
      definition={definitions.score[survey]}
      csv={`${survey}-score`}
      table={{
        caption: words.name,
        columns: previous ? [...columns, beforeColumn] : columns,
        rows,
        rowKey: (row) => row.label,
      }}
    >
      <div className={classes.score}>
        <Gauge
          name={words.label}
          value={score}
          from={words.ticks[0] ?? 0}
          to={words.ticks.at(-1) ?? 1}
          shown={words.format(score)}
          before={previous?.score}
        />
        <p className={classes.change}>
          {typeof previous?.score === 'number' && (
            <>
              <PointChange value={score} before={previous.score} format={words.formatDifference} /> from{' '}
              {words.format(previous.score)}
            </>
          )}
          {previous?.score === null && 'no responses in the time before'}
        </p>
        <dl className={classes.facts}>
          <div>
            <dt>
              Responses <Definition of="responses">{definitions.responses}</Definition>
            </dt>
            <dd>{formatNumber(responses)}</dd>
            <dd className={classes.was}>{previous && `from ${formatNumber(previous.responses)}`}</dd>
          </div>
          <div>
            <dt>
              Average <Definition of="average">{definitions.average}</Definition>
            </dt>
            <dd>{formatAverage(average)}</dd>
            <dd className={classes.was}>
              {typeof previous?.average === 'number' && `from ${formatAverage(previous.average)}`}
            </dd>
          </div>
        </dl>
      </div>
    </Panel>
  )
}
