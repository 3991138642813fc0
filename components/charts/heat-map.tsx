import clsx from 'clsx'
import { formatNumber, formatShare } from '@/components/ui/format'
import classes from './heat-map.module.css'

export interface HeatCell {
  /** From 0 to 1; none where there is nothing to divide by. */
  rate: number | null
  /** For the one pointed at. */
  title: string
  /** Not over yet: hatched. */
  partial?: boolean
}

export interface HeatRow {
  label: string
  users: number
  cells: HeatCell[]
  /** Stands apart at the top. */
  strong?: boolean
}

interface HeatMapProps {
  label: string
  /** The heads of the row labels, of the sizes and of the cells. */
  head: [string, string, ...string[]]
  rows: HeatRow[]
}

/** Rates as numbers on a ground that is the stronger the higher they are, against the highest after the first column. */
export function HeatMap({ label, head, rows }: HeatMapProps) {
  const highest = Math.max(0.01, ...rows.flatMap((row) => row.cells.slice(1).map((cell) => cell.rate ?? 0)))
  return (
    // What scrolls must be reachable by keyboard; the same rows stand beside it as a table.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
    <section className={classes.scroll} aria-label={label} tabIndex={0}>
      <div role="img" aria-label={label}>
        <table className={classes.map} aria-hidden="true">
          <thead>
            <tr>
              {head.map((title) => (
                <th key={title}>{title}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.label} className={clsx(row.strong && classes.strong)}>
                <th>{row.label}</th>
                <td className={classes.users}>{formatNumber(row.users)}</td>
                {row.cells.map((cell, index) => (
                  <td
                    // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its interval
                    key={index}
                    title={cell.title}
                    className={clsx(classes.cell, cell.partial && classes.partial)}
                    style={{ '--heat': Math.min(1, (cell.rate ?? 0) / highest) } as React.CSSProperties}
                  >
                    {formatShare(cell.rate)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

/** What the hatching means. */
export const HeatLegend = () => (
  <p className={classes.legend}>
    <span className={clsx(classes.cell, classes.partial, classes.sample)} />
    not over yet: the number can still grow, and the average leaves it out
  </p>
)
