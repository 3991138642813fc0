'use client'

import { SegmentedControl, Text } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import { byteTicks, niceTicks } from '@/components/charts/scale'
import { type BandPart, StateBand } from '@/components/charts/state-band'
import { TrendChart } from '@/components/charts/trend-chart'
import { formatBytes, formatDay, formatDuration, formatMoment, formatTime } from '@/components/ui/format'
import { Panel } from '@/components/ui/panel'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { query } from '@/lib/http/client'
import {
  getReplicationSamples,
  type ReplicationSamples,
  type SampleRange,
  sampleRanges,
} from '@/lib/recovery/samples/contract'
import { definitions } from './definitions'
import classes from './lag-panel.module.css'
import { samplesParsers } from './search-params'
import { type Span, spansOf } from './spans'
import { spanColumns, wordOf } from './tables'

const measures = {
  time: { key: 'replayMs', name: 'Replay lag', ticks: niceTicks, format: formatDuration },
  bytes: { key: 'lagBytes', name: 'Lag', ticks: byteTicks, format: formatBytes },
} as const

/** Each member over time: what it was, and how far behind. */
export function LagPanel() {
  const [{ range, lag }, change] = useQueryStates(samplesParsers, { history: 'replace' })
  const { data, error } = useQuery({
    ...query(getReplicationSamples, { range }),
    refetchInterval: range === '1h' ? 10_000 : 60_000,
    placeholderData: keepPreviousData,
  })
  const spans = data ? spansOf(data) : []
  return (
    <Panel
      title="Lag over time"
      definition={definitions.samples}
      csv="members-over-time"
      tools={
        <>
          <SegmentedControl
            size="xs"
            aria-label="Lag in"
            value={lag}
            onChange={(value) => void change({ lag: value === 'bytes' ? 'bytes' : 'time' })}
            data={[
              { value: 'time', label: 'Time' },
              { value: 'bytes', label: 'Bytes' },
            ]}
          />
          <SegmentedControl
            size="xs"
            aria-label="Range"
            value={range}
            onChange={(value) => void change({ range: sampleRanges.find((one) => one === value) ?? '1h' })}
            data={[...sampleRanges]}
          />
        </>
      }
      table={{
        caption: 'What each member was, and when',
        columns: spanColumns,
        rows: spans.toReversed(),
        rowKey: (span) => `${span.member} ${span.from}`,
        empty: 'Nothing was seen in this range',
      }}
    >
      {error && !data && <ProblemAlert error={error} />}
      {data && <Members data={data} spans={spans} range={range} measure={lag} />}
    </Panel>
  )
}

interface MembersProps {
  data: ReplicationSamples
  spans: Span[]
  range: SampleRange
  measure: keyof typeof measures
}

function Members({ data, spans, range, measure }: MembersProps) {
  const { key, name, ticks, format } = measures[measure]
  const values = data.members.flatMap(({ points }) => points.map((point) => point[key] ?? 0))
  // One scale for all of them, so that they can be compared.
  const axis = { ticks: ticks(Math.max(0, ...values)), format }
  if (data.members.length === 0)
    return (
      <Text size="sm" c="dimmed">
        Nothing was seen in this range: the worker has not looked yet, or there is no data folder to keep it
        in.
      </Text>
    )
  return (
    <ul className={classes.members}>
      {data.members.map((member) => {
        const own = spans.filter((span) => span.member === member.name)
        return (
          <li key={member.name}>
            <Text fw={600} mb={6}>
              {member.name}
            </Text>
            <div className={classes.band}>
              <StateBand label={`${member.name}: ${summaryOf(own)}`} parts={partsOf(own, data)} />
            </div>
            {member.points.some((point) => point[key] !== null) ? (
              <TrendChart
                name={name}
                height={130}
                axis={axis}
                points={member.points.map((point) => ({
                  label: labelOf(point.at, range),
                  title: formatMoment(point.at, 'UTC'),
                  value: point[key],
                }))}
              />
            ) : (
              <Text size="sm" c="dimmed" pl={44}>
                {own.some(({ role }) => role === 'leader')
                  ? 'It led: a leader is behind nobody.'
                  : 'How far it was behind is not known.'}
              </Text>
            )}
          </li>
        )
      })}
    </ul>
  )
}

function partsOf(spans: Span[], { from, to }: ReplicationSamples): BandPart[] {
  const begin = Date.parse(from)
  const whole = Date.parse(to) - begin
  return spans
    .filter(({ role }) => role !== null)
    .map((span) => ({
      from: (Date.parse(span.from) - begin) / whole,
      to: (Date.parse(span.to) - begin) / whole,
      look: span.healthy ? (span.role === 'leader' ? 'strong' : 'weak') : 'bad',
      title: `${wordOf(span)}, ${formatMoment(span.from, 'UTC')} to ${formatTime(span.to, 'UTC')} UTC`,
    }))
}

/** The last few stretches, in words. */
const summaryOf = (spans: Span[]): string =>
  spans
    .filter(({ role }) => role !== null)
    .slice(-5)
    .map((span) => `${wordOf(span)} from ${formatMoment(span.from, 'UTC')} UTC`)
    .join('; ') || 'not seen'

const labelOf = (at: string, range: SampleRange): string =>
  range === '7d' ? formatDay(at, 'UTC').replace(/ \d+$/, '') : formatTime(at, 'UTC').slice(0, 5)
