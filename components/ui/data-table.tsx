import clsx from 'clsx'
import type { ReactNode } from 'react'
import type { Cell } from './csv'
import classes from './data-table.module.css'
import { formatNumber, NONE } from './format'

/** A column of a table, for the eye and for its CSV. */
export interface Column<Row> {
  title: string
  value: (row: Row) => Cell
  /** What is shown instead of the value. */
  show?: (row: Row) => ReactNode
  /** Numbers stand right, with figures of one width. */
  right?: boolean
  /** Takes the room that the others leave; long text ends in dots. */
  wide?: boolean
  nowrap?: boolean
  /** Left out on a phone. */
  minor?: boolean
  /** 0 to 1: a bar behind the text. */
  bar?: (row: Row) => number
  /** Makes the text a button. */
  onPick?: (row: Row) => (() => void) | undefined
  pickLabel?: (row: Row) => string
  /** The word for this column in `sort`; its head becomes a button. */
  sortAs?: string
}

/** What a table is sorted by, highest first or lowest first; the one who shows it sorts the rows. */
export interface Sort {
  by: string
  up: boolean
}

export interface TableProps<Row> {
  caption: string
  columns: Column<Row>[]
  rows: Row[]
  rowKey: (row: Row, index: number) => string
  empty?: string
  /** Pixels after which the rows scroll below their head. */
  maxHeight?: number
  /** Only screen readers get it: nothing to scroll, so no stop for the keyboard. */
  unseen?: boolean
  sort?: Sort
  onSort?: (by: string) => void
}

/** A table with a caption for screen readers; the page never scrolls sideways for it. */
export function DataTable<Row>({
  caption,
  columns,
  rows,
  rowKey,
  empty = 'Nothing here',
  maxHeight,
  unseen,
  sort,
  onSort,
}: TableProps<Row>) {
  return (
    // What scrolls must be reachable by keyboard.
    <div {...(unseen ? {} : { className: classes.scroll, style: { maxHeight }, tabIndex: 0 })}>
      <table className={classes.table}>
        <caption className={classes.hidden}>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.title}
                scope="col"
                className={clsx(column.right && classes.right, column.minor && classes.minor)}
                aria-sort={
                  sort && sort.by === column.sortAs ? (sort.up ? 'ascending' : 'descending') : undefined
                }
              >
                <Head column={column} sort={sort} onSort={onSort} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={rowKey(row, index)}>
              {columns.map((column) => (
                <td key={column.title} className={classOf(column)}>
                  <Content column={column} row={row} />
                </td>
              ))}
            </tr>
          ))}
          {rows.length === 0 && (
            <tr>
              <td colSpan={columns.length}>{empty}</td>
            </tr>
          )}
        </tbody>
      </table>
    </div>
  )
}

function Head<Row>({
  column,
  sort,
  onSort,
}: { column: Column<Row> } & Pick<TableProps<Row>, 'sort' | 'onSort'>) {
  const { title, sortAs } = column
  if (!sortAs || !onSort) return title
  return (
    <button type="button" className={classes.sort} onClick={() => onSort(sortAs)}>
      {title}
      <span aria-hidden="true" className={classes.arrow}>
        {sort?.by === sortAs ? (sort.up ? '▲' : '▼') : '▽'}
      </span>
    </button>
  )
}

function classOf<Row>({ right, nowrap, wide, minor }: Column<Row>): string {
  return clsx(right && classes.right, nowrap && classes.nowrap, wide && classes.wide, minor && classes.minor)
}

function Content<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  const value = column.value(row)
  const shown = column.show ? column.show(row) : textOf(value)
  const pick = column.onPick?.(row)
  const title = typeof value === 'string' ? value : undefined
  const text = pick ? (
    <button type="button" className={classes.pick} title={column.pickLabel?.(row) ?? title} onClick={pick}>
      {shown}
    </button>
  ) : column.wide ? (
    <span className={classes.text} title={title}>
      {shown}
    </span>
  ) : (
    shown
  )
  if (!column.bar) return text
  return (
    <div className={classes.barCell}>
      <div className={classes.bar} style={{ width: `${Math.min(1, column.bar(row)) * 100}%` }} />
      {text}
    </div>
  )
}

function textOf(value: Cell): string {
  if (value === null || value === undefined || value === '') return NONE
  if (typeof value === 'number') return formatNumber(value)
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : value
}
