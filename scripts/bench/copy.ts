import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Connection } from '@/db/connect'
import type { BenchRecord } from '@/scripts/bench/events'

const CHUNK = 1_000

/** Rows a second of a plain COPY of the rows that these records become, into the same table, in one transaction. */
export async function makeCopy(
  { sql }: Connection,
  projectId: string,
  records: BenchRecord[],
): Promise<number> {
  const receivedAt = new Date().toISOString()
  const lines = records.map((record) =>
    [
      record.id,
      projectId,
      record.userId,
      record.sessionId,
      'desktop',
      'Chrome',
      'Windows',
      JSON.stringify(record.properties),
      record.occurredAt,
      receivedAt,
      record.type,
      record.name,
      record.pageUrl,
      new URL(record.pageUrl).pathname,
      record.pageTitle,
      record.referrer,
      record.durationMs,
    ].join('\t'),
  )
  const chunks = Array.from(
    { length: Math.ceil(lines.length / CHUNK) },
    (_, index) => `${lines.slice(index * CHUNK, index * CHUNK + CHUNK).join('\n')}\n`,
  )
  const started = performance.now()
  const sink =
    await sql`copy user_events (id, project_id, user_id, session_id, device, browser, os, properties,
    occurred_at, received_at, type, name, page_url, page, page_title, referrer, duration_ms) from stdin`.writable()
  await pipeline(Readable.from(chunks), sink)
  return (records.length / (performance.now() - started)) * 1_000
}
