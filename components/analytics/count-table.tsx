'use client'

import type { ReactNode } from 'react'
import { type ValueRow, valueColumn, valueKey } from '@/components/analytics/shared/value-column'
import type { Column } from '@/components/ui/data-table'
import { formatShare } from '@/components/ui/format'
import { Panel } from '@/components/ui/panel'

interface CountRow extends ValueRow {
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
  onPick?: (value: string) => void
}

/** Values with their events, share and users; a bar behind each value shows its size. */
export function CountTable(props: CountTableProps) {
  const { title, definition, of, rows, total, csv, withType, tools, onPick } = props
  const columns: Column<CountRow>[] = [
    valueColumn({ of, rows, size: (row) => row.events, onPick }),
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
        rowKey: (row) => `${valueKey(row)}·${row.type}`,
        empty: 'No events in this range',
        maxHeight: 430,
      }}
    />
  )
}
