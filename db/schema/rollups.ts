import { sql } from 'drizzle-orm'
import {
  bigint,
  customType,
  index,
  integer,
  pgEnum,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { xid8 } from './xid8'

/**
 * Derived from the five analytics tables, and made anew from them by one command: how many records of each class came
 * from each agent in each hour, day, half week and week, and which users and sessions they came from, as bitmaps. Distinct users are
 * then `bit_count(bit_or(bits))`, exactly. docs/rollups.md tells the whole of it.
 */

/** Bits of a bitmap's chunk, 2 KB: enough that PostgreSQL compresses sparse ones, few enough to stay inside their row. */
export const CHUNK_BITS = 16_384

const bits = customType<{ data: string }>({ dataType: () => `bit(${CHUNK_BITS})` })

/** How far the rollups reach: every record stored by a transaction before this one is in them. One row. */
export const rollupProgress = pgTable('rollup_progress', {
  id: smallint('id').primaryKey().default(1),
  nextTransaction: xid8('next_transaction').notNull(),
  advancedAt: timestamp('advanced_at', { withTimezone: true }).notNull().defaultNow(),
})

/**
 * The timezone whose days a project's rollups are by, as `db/time-zone.ts` knew it when they were made, and how many users
 * and sessions have a number.
 */
export const rollupProjects = pgTable('rollup_projects', {
  projectId: uuid('project_id').primaryKey(),
  timezone: text('timezone').notNull(),
  zoneVersion: text('zone_version').notNull(),
  zoneChanges: timestamp('zone_changes', { withTimezone: true }).array().notNull(),
  /** Seconds ahead of UTC: one more than there are changes. */
  zoneOffsets: integer('zone_offsets').array().notNull(),
  users: integer('users').notNull().default(0),
  sessions: integer('sessions').notNull().default(0),
})

export const rollupSource = pgEnum('rollup_source', [
  'any',
  'event',
  'page',
  'feature',
  'stage',
  'step',
  'response',
  'feature_name',
  'feature_error',
  'funnel_run',
  'journey_run',
  'journey_path',
  'journey_visit',
])

/**
 * What is counted apart: events by name, type and category, pages by path, features by name, action and category, and
 * so on. Where all three are empty it is the total of a source, `any` of all records, but of pages the events without
 * one. A missing value is empty. The last four are facts about runs: see `rollups/runs`.
 */
export const rollupClasses = pgTable(
  'rollup_classes',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    projectId: uuid('project_id').notNull(),
    source: rollupSource('source').notNull(),
    name: text('name').notNull(),
    type: text('type').notNull(),
    category: text('category').notNull(),
  },
  // By hashes: a page's path and a journey's may be longer than an index takes.
  (t) => [
    uniqueIndex('rollup_classes_values_index').on(
      t.projectId,
      t.source,
      sql`md5(${t.name})`,
      t.type,
      sql`md5(${t.category})`,
    ),
  ],
)

/** A device, browser and operating system that came together. A missing value is empty. */
export const rollupAgents = pgTable(
  'rollup_agents',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    projectId: uuid('project_id').notNull(),
    device: text('device').notNull(),
    browser: text('browser').notNull(),
    os: text('os').notNull(),
  },
  (t) => [unique().on(t.projectId, t.device, t.browser, t.os)],
)

export const rollupSubject = pgEnum('rollup_subject', ['user', 'session'])
export const rollupGrain = pgEnum('rollup_grain', ['hour', 'day', 'half_week', 'week'])

/**
 * The number (`ordinal`) of each user and each session of a project, counted from 0, and the agents they were seen
 * with. Their first agent lies in plane 1, the second in plane 2 and so on: with the planes a question about an agent
 * is an `&` with `rollup_agent_bits`, and one person with two agents is still one bit in the `|` of the planes.
 */
export const rollupVisitors = pgTable(
  'rollup_visitors',
  {
    projectId: uuid('project_id').notNull(),
    subject: rollupSubject('subject').notNull(),
    key: text('key').notNull(),
    agentId: integer('agent_id').notNull(),
    ordinal: integer('ordinal').notNull(),
    plane: smallint('plane').notNull(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.subject, t.key, t.agentId] })],
)

/** Records by time, class and agent. By hour the total of events alone. */
export const rollupCounts = pgTable(
  'rollup_counts',
  {
    projectId: uuid('project_id').notNull(),
    grain: rollupGrain('grain').notNull(),
    at: timestamp('at', { withTimezone: true }).notNull(),
    classId: integer('class_id').notNull(),
    agentId: integer('agent_id').notNull(),
    records: bigint('records', { mode: 'number' }).notNull(),
    durationMs: bigint('duration_ms', { mode: 'number' }).notNull(),
    /** Records that have a duration. */
    durations: bigint('durations', { mode: 'number' }).notNull(),
    successes: bigint('successes', { mode: 'number' }).notNull(),
    failures: bigint('failures', { mode: 'number' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.grain, t.classId, t.at, t.agentId] })],
)

/**
 * How long what is counted took, in milliseconds: sorted lists of whole numbers, by day, class and agent, and once more
 * for all agents together (0). Percentiles over any days are found in them without a look at the records. A list holds
 * up to `LIST_LENGTH` numbers; `part` counts the lists of a cell. Numbers that no longer count are in lists of their own,
 * with `sign` -1.
 */
export const rollupDurations = pgTable(
  'rollup_durations',
  {
    projectId: uuid('project_id').notNull(),
    classId: integer('class_id').notNull(),
    at: timestamp('at', { withTimezone: true }).notNull(),
    agentId: integer('agent_id').notNull(),
    sign: smallint('sign').notNull(),
    part: integer('part').notNull(),
    list: bigint('list', { mode: 'number' }).array().notNull(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.classId, t.agentId, t.at, t.sign, t.part] })],
)

/** Numbers in a list at the most: few enough to write it anew each time some are added. */
export const LIST_LENGTH = 2_048

/**
 * When whom each event came from: a number for each record, `ordinal * 2^MOMENT_SHIFT` and the microseconds since the day
 * began. By day, class and agent, of classes with a name alone. Funnels from events are found in them without a look at
 * the records. Each part is sorted; the parts of a cell are in no order.
 */
export const rollupMoments = pgTable(
  'rollup_moments',
  {
    projectId: uuid('project_id').notNull(),
    classId: integer('class_id').notNull(),
    at: timestamp('at', { withTimezone: true }).notNull(),
    agentId: integer('agent_id').notNull(),
    part: integer('part').notNull(),
    moments: bigint('moments', { mode: 'bigint' }).array().notNull(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.classId, t.at, t.agentId, t.part] })],
)

/** Bits of a moment that are microseconds: 38 hours, and no day is longer than 27. */
export const MOMENT_SHIFT = 37

/** Users of a project who have moments: those with a lower ordinal. A bigint holds no more. */
export const MOMENT_ORDINALS = 2 ** 26

/** Moments from which on a part is left as it is: any more, and PostgreSQL would keep it outside its row. */
export const PART_LENGTH = 240

/** Who the records came from: a bit for each ordinal, by plane; plane 0 is all planes together. By hour totals alone. */
export const rollupBits = pgTable(
  'rollup_bits',
  {
    projectId: uuid('project_id').notNull(),
    subject: rollupSubject('subject').notNull(),
    grain: rollupGrain('grain').notNull(),
    at: timestamp('at', { withTimezone: true }).notNull(),
    classId: integer('class_id').notNull(),
    plane: smallint('plane').notNull(),
    chunk: integer('chunk').notNull(),
    bits: bits('bits').notNull(),
    /** How many are set: the answer where one cell holds it, without a look at the bits. */
    count: integer('count').generatedAlwaysAs(sql`bit_count(bits)`),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.subject, t.grain, t.classId, t.at, t.plane, t.chunk] })],
)

/** Who has an agent, by plane. */
export const rollupAgentBits = pgTable(
  'rollup_agent_bits',
  {
    projectId: uuid('project_id').notNull(),
    subject: rollupSubject('subject').notNull(),
    agentId: integer('agent_id').notNull(),
    plane: smallint('plane').notNull(),
    chunk: integer('chunk').notNull(),
    bits: bits('bits').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.projectId, t.subject, t.agentId, t.plane, t.chunk] }),
    index().on(t.projectId, t.subject, t.chunk, t.plane),
  ],
)
