import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import type { Connection } from '@/db/connect'
import { ensurePartitions } from '@/db/queries/analytics/ensure-partitions'
import { type AnalyticsTable, analyticsTables } from '@/db/schema'
import type { ClickHouse } from './clickhouse'
import { columns, DAYS, fileOf, START } from './generate'

/** Copies the files into PostgreSQL's tables, as they are in production: with every index. */
export async function loadPostgres({ db, sql }: Connection, folder: string): Promise<void> {
  await ensurePartitions(
    db,
    [0, 31, 62, DAYS].map((day) => new Date(START + day * 86_400_000)),
  )
  for (const table of analyticsTables) {
    const into = await sql.unsafe(`copy ${table} (${columns[table].join(', ')}) from stdin`).writable()
    const closed = new Promise((resolve) => into.once('close', resolve))
    await pipeline(createReadStream(fileOf(folder, table), { highWaterMark: 1 << 20 }), into)
    await closed
  }
  await sql.unsafe(`vacuum analyze ${analyticsTables.join(', ')}`)
}

/** The types that suit the columns best in ClickHouse; text without a type of its own has few values. */
const types: Record<string, string> = {
  id: 'UUID',
  project_id: 'UUID',
  user_id: 'String',
  session_id: 'String',
  properties: 'String',
  occurred_at: "DateTime64(3, 'UTC')",
  received_at: "DateTime64(3, 'UTC')",
  duration_ms: 'Nullable(UInt32)',
  run_id: 'String',
  stage_order: 'Nullable(UInt8)',
  score: 'UInt8',
  success: 'Bool',
  completed: 'Bool',
  page: 'LowCardinality(Nullable(String))',
  category: 'LowCardinality(Nullable(String))',
  stage: 'LowCardinality(Nullable(String))',
  step: 'LowCardinality(Nullable(String))',
  error: 'LowCardinality(Nullable(String))',
  response: 'LowCardinality(Nullable(String))',
}

/** Loads the same files into MergeTree tables, ordered by time as an analytics table in ClickHouse would be. */
export async function loadClickHouse(clickhouse: ClickHouse, folder: string): Promise<void> {
  clickhouse.run('create database if not exists bench')
  for (const table of analyticsTables as AnalyticsTable[]) {
    const shape = columns[table]
      .map((name) => `${name} ${types[name] ?? 'LowCardinality(String)'}`)
      .join(', ')
    clickhouse.run(
      `create table bench.${table} (${shape}) engine = MergeTree partition by toYYYYMM(occurred_at) order by (project_id, occurred_at, user_id)`,
    )
    clickhouse.run(
      `insert into bench.${table} select * from file('${fileOf(folder, table)}', 'TSV', '${shape.replaceAll("'", "\\'")}') settings date_time_input_format = 'best_effort'`,
    )
    clickhouse.run(`optimize table bench.${table} final`)
  }
}
