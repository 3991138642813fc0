import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  type PgColumn,
  pgEnum,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core'
import { projects } from './access'
import { xid8 } from './xid8'

/**
 * The five analytics tables. All are partitioned by range of `occurred_at` (Drizzle cannot say so: the migration does,
 * and `db/queries/analytics/ensure-partitions.ts` makes the partitions), and none has a key without the user, so that
 * all five can be distributed by `user_id`.
 */
const common = {
  id: uuid('id').notNull(),
  projectId: uuid('project_id').notNull(),
  /** `userId`, or `anonymousId` before sign-in. */
  userId: text('user_id').notNull(),
  anonymousId: text('anonymous_id'),
  sessionId: text('session_id'),
  device: text('device'),
  browser: text('browser'),
  os: text('os'),
  properties: jsonb('properties').$type<Record<string, unknown>>().notNull().default({}),
  occurredAt: timestamp('occurred_at', { withTimezone: true }).notNull(),
  receivedAt: timestamp('received_at', { withTimezone: true }).notNull(),
  /** The transaction that stored it: what rollups know new rows by, however late and in whatever order they commit. */
  transactionId: xid8('transaction_id').notNull().default(sql`pg_current_xact_id()`),
}

interface Keyed {
  transactionId: PgColumn
  projectId: PgColumn
  userId: PgColumn
  occurredAt: PgColumn
  id: PgColumn
}

/** The key that refuses a repeated record, and the indexes that a range of time and what is new are read by. */
const keysOf = (t: Keyed) =>
  [
    primaryKey({ columns: [t.projectId as never, t.userId as never, t.occurredAt as never, t.id as never] }),
    index().on(t.projectId as never, t.occurredAt as never),
    index().on(t.transactionId as never),
  ] as never[]

export const userEvents = pgTable(
  'user_events',
  {
    ...common,
    type: text('type').notNull(),
    name: text('name').notNull(),
    category: text('category'),
    pageUrl: text('page_url'),
    /** The path of `page_url`: what a page report groups by. */
    page: text('page'),
    pageTitle: text('page_title'),
    referrer: text('referrer'),
    durationMs: integer('duration_ms'),
  },
  // The last one answers a funnel from events without a look at the table.
  (t) => [...keysOf(t), index().on(t.projectId, t.name, t.occurredAt, t.userId)],
)

export const featureAction = pgEnum('feature_action', ['opened', 'used', 'completed'])

export const featureUsage = pgTable(
  'feature_usage',
  {
    ...common,
    feature: text('feature').notNull(),
    category: text('category'),
    action: featureAction('action').notNull(),
    durationMs: integer('duration_ms'),
    success: boolean('success'),
    error: text('error'),
  },
  keysOf,
)

export const conversionFunnels = pgTable(
  'conversion_funnels',
  {
    ...common,
    funnel: text('funnel').notNull(),
    runId: text('run_id').notNull(),
    /** Null on the record that completes a run. */
    stage: text('stage'),
    stageOrder: smallint('stage_order'),
    completed: boolean('completed').notNull().default(false),
  },
  (t) => [...keysOf(t), index().on(t.projectId, t.userId, t.runId)],
)

export const userJourneys = pgTable(
  'user_journeys',
  {
    ...common,
    journey: text('journey').notNull(),
    runId: text('run_id').notNull(),
    /** Null on the record that completes a run. */
    step: text('step'),
    completed: boolean('completed').notNull().default(false),
  },
  (t) => [...keysOf(t), index().on(t.projectId, t.userId, t.runId)],
)

export const survey = pgEnum('survey', ['nps', 'csat', 'ces'])

export const userSatisfaction = pgTable(
  'user_satisfaction',
  {
    ...common,
    survey: survey('survey').notNull(),
    score: smallint('score').notNull(),
    question: text('question'),
    response: text('response'),
    context: jsonb('context').$type<Record<string, unknown>>(),
  },
  keysOf,
)

/** The five tables by name, in the order of the record kinds. */
export const analytics = {
  user_events: userEvents,
  feature_usage: featureUsage,
  conversion_funnels: conversionFunnels,
  user_journeys: userJourneys,
  user_satisfaction: userSatisfaction,
}
export type AnalyticsTable = keyof typeof analytics
export const analyticsTables = Object.keys(analytics) as AnalyticsTable[]

/**
 * The time given to records whose time we set ourselves (none was sent, or a skewed clock was corrected). A repeat of
 * such a record would otherwise get another time, pass the primary key and be counted twice. Kept for some days.
 */
export const recordTimes = pgTable(
  'record_times',
  {
    projectId: uuid('project_id').notNull(),
    userId: text('user_id').notNull(),
    id: uuid('id').notNull(),
    occurredAt: timestamp('occurred_at', { withTimezone: true }).notNull(),
    receivedAt: timestamp('received_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.userId, t.id] }), index().on(t.receivedAt)],
)

/** Whose records an `anonymousId` stands for, once `identify` has said so: those to come are stored as the user's. */
export const identities = pgTable(
  'identities',
  {
    projectId: uuid('project_id').notNull(),
    anonymousId: text('anonymous_id').notNull(),
    userId: text('user_id').notNull(),
    joinedAt: timestamp('joined_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.anonymousId] }), index().on(t.projectId, t.userId)],
)

/** Funnels from events, as product managers define them. */
export const savedFunnels = pgTable(
  'saved_funnels',
  {
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    /** In the shape of the contract's funnelDefinition. */
    definition: jsonb('definition').$type<Record<string, unknown>>().notNull(),
    /** Account or key; null, if it is not known any more. */
    savedBy: text('saved_by'),
    savedAt: timestamp('saved_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.name] })],
)

export const metricCondition = pgEnum('metric_condition', ['above', 'below', 'rises', 'falls'])

/** Bounds on the numbers of a project, which somebody wants to be told of. */
export const metricAlerts = pgTable(
  'metric_alerts',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    /** In the shape of the contract's metric. */
    metric: jsonb('metric').$type<Record<string, unknown>>().notNull(),
    condition: metricCondition('condition').notNull(),
    bound: doublePrecision('bound').notNull(),
    windowHours: integer('window_hours').notNull(),
    /** With fewer of what is counted nothing is said. */
    atLeast: integer('at_least').notNull(),
    active: boolean('active').notNull(),
    /** Account or key; null, if it is not known any more. */
    savedBy: text('saved_by'),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
    changedAt: timestamp('changed_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [
    index().on(t.projectId),
    check('metric_alerts_name_check', sql`char_length(${t.name}) between 1 and 100`),
    check('metric_alerts_window_hours_check', sql`${t.windowHours} between 1 and 2160`),
    check('metric_alerts_at_least_check', sql`${t.atLeast} between 1 and 1000000`),
  ],
)

/** Questions that product managers have the tracker ask, and when it asks them. */
export const surveys = pgTable(
  'surveys',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    survey: survey('survey').notNull(),
    question: text('question').notNull(),
    /** Asked after the score, for words. */
    followUp: text('follow_up'),
    /** Of the path of the pages it is asked on; `*` stands for anything. */
    page: text('page').notNull().default('*'),
    delaySeconds: integer('delay_seconds').notNull(),
    everyDays: integer('every_days').notNull(),
    active: boolean('active').notNull(),
    /** Account or key; null, if it is not known any more. */
    savedBy: text('saved_by'),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
    changedAt: timestamp('changed_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [
    index().on(t.projectId),
    check('surveys_question_check', sql`char_length(${t.question}) between 1 and 300`),
    check('surveys_follow_up_check', sql`char_length(${t.followUp}) between 1 and 300`),
    check('surveys_page_check', sql`char_length(${t.page}) <= 200 and ${t.page} ~ '^[/*]'`),
    check('surveys_delay_seconds_check', sql`${t.delaySeconds} between 0 and 600`),
    check('surveys_every_days_check', sql`${t.everyDays} between 1 and 365`),
  ],
)
