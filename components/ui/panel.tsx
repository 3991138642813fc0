'use client'

import { ActionIcon, Title, Tooltip } from '@mantine/core'
import { IconChartAreaLine, IconDownload, IconTable } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { downloadCsv } from './csv'
import { type Column, DataTable, type TableProps } from './data-table'
import { Definition } from './definition'
import classes from './panel.module.css'

/** Pixels: about as high as a chart, so that the page hardly moves. */
const TABLE_HEIGHT = 300

interface PanelProps<Row> {
  title: string
  definition?: string
  /** Controls at the right of the title. */
  tools?: ReactNode
  /** The rows behind the picture: shown as a table below the title when there is no picture, else one click away. */
  table?: TableProps<Row>
  /** The file's name; with a table, its rows can be saved. */
  csv?: string
  /** The picture of the rows, if there is one. */
  children?: ReactNode
}

/** A titled part of a page with its table, its CSV and its definition one click away. */
export function Panel<Row>({ title, definition, tools, table, csv, children }: PanelProps<Row>) {
  const [asTable, setAsTable] = useState(false)
  const picture = children !== undefined
  return (
    <section className={classes.panel} aria-label={title}>
      <div className={classes.head}>
        <div className={classes.title}>
          <Title order={2}>{title}</Title>
          {definition && <Definition of={title}>{definition}</Definition>}
        </div>
        <div className={classes.tools}>
          {tools}
          {picture && table && (
            <Tooltip label={asTable ? 'Show the chart' : 'Show the table'}>
              <ActionIcon
                size="md"
                aria-label={`Show ${title} as a table`}
                aria-pressed={asTable}
                onClick={() => setAsTable(!asTable)}
              >
                {asTable ? <IconChartAreaLine size={17} /> : <IconTable size={17} />}
              </ActionIcon>
            </Tooltip>
          )}
          {csv && table && table.rows.length > 0 && (
            <Tooltip label="Download CSV">
              <ActionIcon
                size="md"
                aria-label={`Download ${title} as CSV`}
                onClick={() => saveRows(csv, table.columns, table.rows)}
              >
                <IconDownload size={17} />
              </ActionIcon>
            </Tooltip>
          )}
        </div>
      </div>
      {picture && !asTable && children}
      {/* Beside the picture the rows are for screen readers; the button shows them to everyone. */}
      {table && (
        <div className={picture && !asTable ? classes.hidden : undefined}>
          <DataTable
            {...table}
            maxHeight={picture ? TABLE_HEIGHT : table.maxHeight}
            unseen={picture && !asTable}
          />
        </div>
      )}
    </section>
  )
}

function saveRows<Row>(name: string, columns: Column<Row>[], rows: Row[]): void {
  downloadCsv(
    name,
    columns.map((column) => column.title),
    rows.map((row) => columns.map((column) => column.value(row))),
  )
}
