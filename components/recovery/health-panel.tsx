'use client'

import { useQuery } from '@tanstack/react-query'
import type { Column } from '@/components/ui/data-table'
import { formatBytes, formatDuration, formatNumber, formatShare, NONE } from '@/components/ui/format'
import { Panel } from '@/components/ui/panel'
import { StatusBadge } from '@/components/ui/status-badge'
import { query } from '@/lib/http/client'
import { getDetailedHealth, type HealthCheck } from '@/lib/recovery/health/contract'
import { definitions, statusWords } from './definitions'

const EVERY_MS = 10_000

interface Row extends HealthCheck {
  name: string
}

const order = { fail: 0, warn: 1, pass: 2 }
const words = { pass: 'Passes', warn: 'Warns', fail: 'Fails' }

const columns: Column<Row>[] = [
  { title: 'Check', value: ({ name }) => name, show: ({ name }) => nameOf(name), nowrap: true },
  {
    title: 'Status',
    value: ({ status }) => status,
    show: ({ status }) => <StatusBadge status={status} label={words[status]} />,
  },
  {
    title: 'Observed',
    value: ({ observedValue }) => observedValue,
    show: observedOf,
    right: true,
    nowrap: true,
    minor: true,
  },
  { title: 'Why', wide: true, value: ({ output }) => output ?? '' },
]

/** Everything that a record or a chart depends on, the worst first. */
export function HealthPanel() {
  const { data } = useQuery({ ...query(getDetailedHealth, {}), refetchInterval: EVERY_MS, retry: false })
  const rows = Object.entries(data?.checks ?? {})
    .flatMap(([name, checks]) => checks.map((check) => ({ name, ...check })))
    .sort((a, b) => order[a.status] - order[b.status])
  return (
    <Panel
      title="Health"
      definition={definitions.health}
      csv="health"
      tools={
        data && (
          <StatusBadge
            status={data.status}
            label={data.status === 'fail' ? 'Fails' : statusWords[data.status]}
          />
        )
      }
      table={{
        caption: 'Checks, the worst first',
        columns,
        rows,
        rowKey: ({ name }) => name,
        empty: 'Being asked',
      }}
    />
  )
}

/** `database:lockWaits` as words. */
function nameOf(name: string): string {
  const [component = '', measurement = ''] = name.split(':')
  const words = measurement.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)
  const text = `${component.replace(/^member-/, 'member ')}: ${words}`
  return text[0]?.toUpperCase() + text.slice(1)
}

function observedOf({ observedValue: value, observedUnit: unit }: Row): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value !== 'number') return value ?? NONE
  if (unit === 'share') return formatShare(value)
  if (unit === 's') return formatDuration(value * 1000)
  if (unit?.startsWith('bytes')) return formatBytes(value)
  return `${formatNumber(value)} ${unit ?? ''}`
}
