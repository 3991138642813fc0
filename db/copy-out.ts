import { finished } from 'node:stream/promises'
import { type SQL, sql } from 'drizzle-orm'
import type { PgDialect } from 'drizzle-orm/pg-core'
import type postgres from 'postgres'
import type { Db } from './connect'

/** A row: of each column the bytes that PostgreSQL sends of a value in binary; nothing of null. */
export type BinaryRow = (Buffer | null)[]

/** Before the length of what else is to be left out at the beginning: a signature and flags. */
const SIGNATURE = 15

/**
 * The rows of a query, some at a time. The driver takes rows as text, which makes twice as many bytes of bitmaps and lists, and
 * three times as much work.
 *
 * @param tx that can do nothing else until all rows have come; whoever has enough of them waits for the rest
 * @param query whose parameters become literals, for COPY has none
 * @throws what the query throws, before its first row or after any
 */
export async function* copyOut(tx: Db, query: SQL): AsyncGenerator<BinaryRow[]> {
  const { dialect, session } = tx as unknown as { dialect: PgDialect; session: { client: postgres.Sql } }
  const copy = dialect.sqlToQuery(sql`copy (${query}) to stdout (format binary)`.inlineParams())
  const stream = await session.client.unsafe(copy.sql).readable()
  let unread: Buffer = Buffer.alloc(0)
  let isBegun = false
  try {
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
      unread = unread.length > 0 ? Buffer.concat([unread, chunk]) : chunk
      if (!isBegun) {
        if (unread.length < SIGNATURE + 4) continue
        unread = unread.subarray(SIGNATURE + 4 + unread.readInt32BE(SIGNATURE))
        isBegun = true
      }
      const rows: BinaryRow[] = []
      for (let row = rowAt(unread); row; row = rowAt(unread)) {
        rows.push(row.columns)
        unread = unread.subarray(row.end)
      }
      yield rows
    }
  } finally {
    // Whoever has enough leaves the rest: the connection is free once that has come, too.
    if (!stream.destroyed) await finished(stream.resume())
  }
}

/** The row that some bytes begin with, and where it ends; nothing if they hold no whole one. */
function rowAt(bytes: Buffer): { columns: BinaryRow; end: number } | undefined {
  if (bytes.length < 2) return undefined
  const columns: BinaryRow = []
  let end = 2
  // After the last row there is a count of -1.
  for (let left = bytes.readInt16BE(0); left !== 0; left--) {
    if (left < 0 || bytes.length < end + 4) return undefined
    const length = bytes.readInt32BE(end)
    const start = end + 4
    end = start + Math.max(length, 0)
    if (bytes.length < end) return undefined
    columns.push(length < 0 ? null : bytes.subarray(start, end))
  }
  return { columns, end }
}
