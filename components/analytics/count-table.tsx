'use client'

import type { ReactNode } from 'react'
import type { Column } from '@/components/ui/data-table'
import { formatShare } from '@/components/ui/format'
import { Panel } from '@/components/ui/panel'

export interface CountRow {
  /** Null for events without a value. */
  value: string | null
  /** All values that have no row of their own. */
  rest?: boolean
  events: number
  users: number | null
  type?: string
}

interface CountTableProps {
  title: string
  definition: string
  /** The head of the first column. */
  of: string
  rows: CountRow[]
  /** What the shares are of. */
  total: number
  csv: string
  withType?: boolean
  tools?: ReactNode
  onPick?: (row: CountRow) => void
}

/** Values with their events, share and users; a bar behind each value shows its size. */
export function CountTable(props: CountTableProps) {
  const { title, definition, of, rows, total, csv, withType, tools, onPick } = props
  const most = Math.max(1, ...rows.filter(({ rest }) => !rest).map((row) => row.events))
  const columns: Column<CountRow>[] = [
    {
      title: of,
      wide: true,
      value: (row) => (row.rest ? 'all others' : row.value),
      show: (row) => row.value ?? <i>{row.rest ? 'all others' : 'no value'}</i>,
      bar: (row) => (row.rest ? 0 : row.events / most),
      onPick: (row) => (onPick && row.value ? () => onPick(row) : undefined),
      pickLabel: (row) => `Show only ${of.toLowerCase()} ${row.value}`,
    },
    { title: 'Events', right: true, value: (row) => row.events },
    { title: 'Share', right: true, value: (row) => share(row), show: (row) => formatShare(share(row)) },
    { title: 'Users', right: true, value: (row) => row.users },
  ]
  if (withType) columns.splice(1, 0, { title: 'Type', minor: true, value: (row) => row.type })
  const share = (row: CountRow): number => (total > 0 ? row.events / total : 0)
  return (
    <Panel
      title={title}
      definition={definition}
      tools={tools}
      csv={csv}
      table={{
        caption: title,
        columns,
        rows,
        rowKey: (row) => `${row.rest ?? row.value}·${row.type}`,
        empty: 'No events in this range',
        maxHeight: 430,
      }}
    />
  )
}
