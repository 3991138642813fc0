export type Cell = string | number | boolean | null | undefined

/** A cell that a spreadsheet would take for a formula gets a quote in front; quotes and breaks are escaped. */
function toField(cell: Cell): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell !== 'string') return String(cell)
  const safe = /^[\s]*[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** RFC 4180, with a mark of UTF-8 in front, which spreadsheets need. */
export function toCsv(head: string[], rows: Cell[][]): string {
  return `\uFEFF${[head, ...rows].map((row) => row.map(toField).join(',')).join('\r\n')}\r\n`
}

/** Lets the browser save a text as a file. */
export function saveFile(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 1000)
}

/** Lets the browser save a table. */
export function downloadCsv(name: string, head: string[], rows: Cell[][]): void {
  saveFile(`${name}.csv`, 'text/csv', toCsv(head, rows))
}
