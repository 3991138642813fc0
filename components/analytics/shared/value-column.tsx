import type { Column } from '@/components/ui/data-table'

/** A row of a breakdown. */
export interface ValueRow {
  /** Null for what has no value, and for the rest. */
  value: string | null
  /** All values that have no row of their own. */
  rest?: boolean
}

/** A row's value in words; nothing for what has none. */
export const valueText = ({ value, rest }: ValueRow): string | null => (rest ? 'all others' : value)

/** A row's value as it is shown: slanted where the words are ours. */
export const ValueName = ({ value, rest }: ValueRow) => value ?? <i>{rest ? 'all others' : 'no value'}</i>

/** Tells rows apart, also from those whose value is a word of ours. */
export const valueKey = ({ value, rest }: ValueRow): string => (rest ? 'rest' : JSON.stringify(value))

interface ValueColumnProps<Row> {
  /** What the values are of, such as Device. */
  of: string
  rows: Row[]
  /** What the bars behind the values compare. The rest has no bar: it is not one value. */
  size: (row: Row) => number | null
  /** Values can be picked, to show them alone. */
  onPick?: (value: string) => void
}

/** The first column of a breakdown: its values, with bars behind them. */
export function valueColumn<Row extends ValueRow>({
  of,
  rows,
  size,
  onPick,
}: ValueColumnProps<Row>): Column<Row> {
  const sizeOf = (row: Row) => (row.rest ? 0 : (size(row) ?? 0))
  const most = Math.max(1, ...rows.map(sizeOf))
  return {
    title: of,
    wide: true,
    value: valueText,
    show: ValueName,
    bar: (row) => sizeOf(row) / most,
    onPick: ({ value }) => (onPick && value ? () => onPick(value) : undefined),
    pickLabel: ({ value }) => `Show only ${of.toLowerCase()} ${value}`,
  }
}
