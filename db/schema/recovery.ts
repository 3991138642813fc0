import { integer, json, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'

/**
 * The journal's copy. The journal itself is a file, which comes first and needs no database; what stands here as well cannot be
 * cut off from it, or written anew, unseen.
 */
export const recoveryJournal = pgTable(
  'recovery_journal',
  {
    /** The hash of the file's first entry: each data folder has a journal of its own. */
    chain: text('chain').notNull(),
    seq: integer('seq').notNull(),
    at: timestamp('at', { withTimezone: true }).notNull(),
    kind: text('kind').notNull(),
    actor: text('actor').notNull(),
    message: text('message').notNull(),
    operationId: text('operation_id'),
    /** As text, so that the order of its keys, which the hash is of, stays. */
    detail: json('detail').$type<Record<string, unknown>>().notNull(),
    previous: text('previous').notNull(),
    hash: text('hash').notNull(),
  },
  (table) => [primaryKey({ columns: [table.chain, table.seq] })],
)
