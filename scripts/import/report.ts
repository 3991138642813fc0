import { classMeanings, lineClasses } from './classify'
import { formats } from './formats'
import type { Totals } from './post-batches'
import type { LogCounts } from './read-log'

/** The summary: lines by class, and what the API said of the page views. */
export function summaryOf(counts: LogCounts, totals: Totals): string {
  const share = (count: number) => `${((100 * count) / Math.max(1, counts.lines)).toFixed(1)}%`
  const classes = [...lineClasses].reverse().map((name) => {
    return [name, counts.classes[name], share(counts.classes[name]), classMeanings[name]] as const
  })
  const rows = [...classes, ['lines', counts.lines, share(counts.lines), ''] as const]
  const table = rows.map(([name, count, part, meaning]) =>
    `  ${name.padEnd(10)}${String(count).padStart(10)}${part.padStart(8)}  ${meaning}`.trimEnd(),
  )
  const format = counts.format && formats[counts.format].about
  const read = format === undefined ? [] : [`Read as ${counts.format}: ${format}.`, '']
  return [...read, ...table, '', resultOf(totals, 'page views')].join('\n')
}

/** What the API said of the records. */
export function resultOf(totals: Totals, what: string): string {
  const { sent, accepted, duplicates, dropped, rejected, reasons } = totals
  const said = [`${accepted} accepted`, `${duplicates} duplicates`, `${rejected} rejected`]
  if (dropped > 0) said.push(`${dropped} dropped as bots`)
  const refused = reasons.map((reason) => `  rejected: ${reason}`)
  return [`Of ${sent} ${what} sent: ${said.join(', ')}.`, ...refused].join('\n')
}

/** Whether the server has every page view of the log. */
export function allTaken(counts: LogCounts, { accepted, duplicates }: Totals): boolean {
  return accepted + duplicates === counts.classes.imported
}

/** Where the imported page views can be seen; null where there are none. Days are UTC's. */
export function linkTo(url: string, counts: LogCounts, projectId?: string): string | null {
  if (counts.first === null || counts.last === null) return null
  const day = (at: number) => new Date(at).toISOString().slice(0, 10)
  const query = new URLSearchParams({ from: day(counts.first), to: day(counts.last) })
  if (projectId !== undefined) query.set('project', projectId)
  return `${url}/events?${query}`
}
