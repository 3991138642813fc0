import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { getTableColumns, getTableName } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Connection } from '@/db/connect'

const PART = 2_000
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/**
 * Writes rows into a table with COPY.
 *
 * @param tx a transaction. The rows must not be there yet: the driver tells nobody that a COPY was refused at its end
 * @param rows by the names of the table's columns in TypeScript
 */
export async function copyRows<T extends PgTable>(
  tx: Pick<Connection['sql'], 'unsafe'>,
  table: T,
  rows: T['$inferInsert'][],
): Promise<void> {
  const columns = Object.entries(getTableColumns(table)).filter(([key]) => key !== 'transactionId')
  const names = columns.map(([, column]) => `"${column.name}"`).join(', ')
  const fields = columns.map(([key, column]) => ({ key, needed: column.notNull }))
  const into = await tx.unsafe(`copy "${getTableName(table)}" (${names}) from stdin`).writable()
  // Not only until it is finished: the driver sends a last word as it closes, which is not for the next COPY.
  const closed = new Promise((resolve) => into.once('close', resolve))
  await pipeline(Readable.from(copyText(fields, rows as Record<string, unknown>[])), into)
  await closed
}

interface Field {
  key: string
  needed: boolean
}

function* copyText(fields: Field[], rows: Record<string, unknown>[]): Generator<Buffer> {
  for (let at = 0; at < rows.length; at += PART) {
    const lines = rows
      .slice(at, at + PART)
      .map((row) => `${fields.map((field) => textOf(field, row[field.key])).join('\t')}\n`)
    yield Buffer.from(lines.join(''))
  }
}

function textOf({ key, needed }: Field, value: unknown): string {
  if (value === null || value === undefined) {
    if (needed) throw new Error(`A row has no ${key}, and COPY knows no defaults`)
    return '\\N'
  }
  if (value instanceof Date) return value.toISOString()
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return /[\\\n\r\t]/.test(text) ? text.replace(/[\\\n\r\t]/g, (found) => ESCAPES[found] ?? found) : text
}
