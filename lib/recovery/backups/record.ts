import { z } from 'zod'

/**
 * What the analytics tables held when a backup was made: a restored server has to have the same. Rows are told apart by the
 * transaction that stored them, so that those which came meanwhile do not count.
 */
export const backupRecord = z.object({
  /** The named restore point that stands right after the snapshot. */
  name: z.string(),
  lsn: z.number().int(),
  timeline: z.number().int(),
  at: z.iso.datetime(),
  /** https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SNAPSHOT */
  snapshot: z.string(),
  /** Rows, and the sum of their hashes, by table. */
  tables: z.array(z.object({ table: z.string(), rows: z.number().int(), hash: z.string() })),
})
export type BackupRecord = z.infer<typeof backupRecord>
