import type { Connection } from '@/db/connect'

/** What events take of a disk, and the rollups of all kinds of records, in bytes. */
export async function readRoom({ sql }: Connection): Promise<Record<'rows' | 'indexes' | 'rollups', number>> {
  const [room] = await sql`
    select sum(pg_table_size(oid)) filter (where relname like 'user_events%')::float8 as rows,
      sum(pg_indexes_size(oid)) filter (where relname like 'user_events%')::float8 as indexes,
      sum(pg_total_relation_size(oid)) filter (where relname like 'rollup%')::float8 as rollups
    from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`
  return room as Record<'rows' | 'indexes' | 'rollups', number>
}
