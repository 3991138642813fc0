import type { ExtractTablesWithRelations } from 'drizzle-orm'
import type { PgDatabase } from 'drizzle-orm/pg-core'
import { drizzle, type PostgresJsQueryResultHKT } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import * as schema from './schema'

/** What a query runs on: a pool or a transaction. */
export type Db = PgDatabase<
  PostgresJsQueryResultHKT,
  typeof schema,
  ExtractTablesWithRelations<typeof schema>
>

export interface Connection {
  db: Db
  /** The driver below Drizzle, for what needs a connection of its own: COPY, session locks, benchmarks. */
  sql: postgres.Sql
  close(): Promise<void>
}

export interface ConnectOptions {
  /** Connections at the most. */
  max?: number
  /** Shown in pg_stat_activity. */
  name?: string
  /** Seconds to wait for a connection. */
  connectTimeout?: number
  onWarning?: (message: string) => void
}

/**
 * Opens a pool for an address such as `postgres://user:password@host-a:5432,host-b:5432/holdfast`. With several hosts,
 * only one that takes writes is used.
 */
export function connect(address: string, options: ConnectOptions = {}): Connection {
  const sql = postgres(address, {
    max: options.max ?? 10,
    connect_timeout: options.connectTimeout ?? 5,
    idle_timeout: 60,
    target_session_attrs: address.includes('target_session_attrs') ? undefined : 'read-write',
    connection: { application_name: options.name ?? 'holdfast', TimeZone: 'UTC' },
    onnotice: (notice) => {
      if (notice.severity === 'WARNING') options.onWarning?.(notice.message ?? '')
    },
  })
  return { db: drizzle(sql, { schema }), sql, close: () => sql.end({ timeout: 5 }) }
}
