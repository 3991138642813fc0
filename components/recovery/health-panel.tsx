'use client'

import { Box, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Freshness } from '@/components/layout/freshness'
import { PageHeader } from '@/components/layout/page-header'
import type { Column } from '@/components/ui/data-table'
import { formatBytes, formatDuration, formatNumber, formatShare, NONE } from '@/components/ui/format'
import { Rows } from '@/components/ui/grid'
import { BodySkeleton } from '@/components/ui/page-skeleton'
import { Panel } from '@/components/ui/panel'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { StatusBadge } from '@/components/ui/status-badge'
import { query } from '@/lib/http/client'
import { getDetailedHealth, type Health, type HealthCheck } from '@/lib/recovery/health/contract'
import { definitions } from './definitions'

const EVERY_MS = 5_000
/** Pixels that the wide column leaves for a sentence. */
const SENTENCE = 200

interface Row extends HealthCheck {
  name: string
}

const order = { fail: 0, warn: 1, pass: 2 }
const words = { pass: 'Passes', warn: 'Warns', fail: 'Fails' }

const columns: Column<Row>[] = [
  {
    title: 'Check',
    value: ({ name }) => name,
    show: (row) => (
      <Box miw={150}>
        {nameOf(row.name)}
        {row.status !== 'pass' && (
          <Text size="xs" mt={2} hiddenFrom="sm">
            {whatToDo(row)}
          </Text>
        )}
      </Box>
    ),
  },
  {
    title: 'Status',
    value: ({ status }) => status,
    show: ({ status }) => (
      <Box miw={104}>
        <StatusBadge status={status} label={words[status]} />
      </Box>
    ),
  },
  {
    title: 'Observed',
    value: ({ observedValue }) => observedValue,
    show: (row) => <Box miw={110}>{observedOf(row)}</Box>,
    minor: true,
  },
  {
    title: 'Limit',
    value: ({ limit }) => limit,
    show: ({ limit }) => <Box miw={SENTENCE}>{limit ?? NONE}</Box>,
    minor: true,
  },
  {
    title: 'What to do',
    wide: true,
    minor: true,
    value: ({ action }) => action,
    show: (row) =>
      row.status === 'pass' ? (
        NONE
      ) : (
        <Text span inherit style={{ whiteSpace: 'normal' }}>
          {whatToDo(row)}
        </Text>
      ),
  },
]

/** Everything that a record or a chart depends on, the worst first: what it is, what it should be, and what to do. */
export function HealthPanel() {
  const { data, error, refetch, isFetching } = useQuery({
    ...query(getDetailedHealth, {}),
    refetchInterval: EVERY_MS,
    retry: false,
  })
  const rows = data ? rowsOf(data) : []
  const passing = rows.filter(({ status }) => status === 'pass').length
  return (
    <>
      <PageHeader
        title="Health"
        lead="What a record or a chart depends on, and what to do where it is not well."
      >
        <Freshness asOf={rows[0]?.time} stale={error !== null} />
        {data && <StatusBadge status={data.status} label={`${passing} of ${rows.length} checks pass`} />}
      </PageHeader>
      <Rows>
        {error && !data && <ProblemAlert error={error} retry={() => void refetch()} retrying={isFetching} />}
        {data ? (
          <Panel
            title="Checks"
            definition={definitions.health}
            csv="health"
            table={{
              caption: 'Checks, the worst first',
              columns,
              rows,
              rowKey: ({ name }) => name,
            }}
          />
        ) : (
          !error && <BodySkeleton />
        )}
      </Rows>
    </>
  )
}

const rowsOf = ({ checks }: Health): Row[] =>
  Object.entries(checks)
    .flatMap(([name, list]) => list.map((check) => ({ name, ...check })))
    .sort((a, b) => order[a.status] - order[b.status])

const whatToDo = ({ output, action }: Row) => (
  <>
    {output && <strong>{sentence(output)} </strong>}
    {action}
  </>
)

/** `database:lockWaits` as words. */
function nameOf(name: string): string {
  const [component = '', measurement = ''] = name.split(':')
  const words = measurement.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`).replace('rpo', 'RPO')
  return capital(`${component.replace(/^member-/, 'member ')}: ${words}`)
}

const capital = (text: string): string => `${text[0]?.toUpperCase()}${text.slice(1)}`
const sentence = (text: string): string => `${capital(text)}.`

function observedOf({ observedValue: value, observedUnit: unit }: Row): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value !== 'number') return value ?? NONE
  if (unit === 'share') return formatShare(value)
  if (unit === 's') return formatDuration(value * 1000)
  if (unit?.startsWith('bytes')) return formatBytes(value)
  return `${formatNumber(value)} ${value === 1 ? (unit?.replace(/s$/, '') ?? '') : (unit ?? '')}`
}
