import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  date,
  index,
  integer,
  jsonb,
  pgEnum,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core'

const createdAt = timestamp('created_at', { withTimezone: true }).notNull().defaultNow()

/** One product whose apps post to us. */
export const projects = pgTable('projects', {
  id: uuid('id').primaryKey().defaultRandom(),
  name: text('name').notNull().unique(),
  /** Origins that browsers may post from, such as `https://shop.example` or `http://localhost:*`; `*` allows all. */
  allowedOrigins: text('allowed_origins').array().notNull().default(sql`'{}'::text[]`),
  timezone: text('timezone').notNull().default('UTC'),
  /** Days that records are kept; null keeps them for ever. */
  retentionDays: integer('retention_days'),
  /** Records of crawlers, monitors and headless browsers are not stored. */
  dropBots: boolean('drop_bots').notNull().default(true),
  /** Parts of user agents that are no bots here. */
  allowedAgents: text('allowed_agents').array().notNull().default(sql`'{}'::text[]`),
  /** What stands after a `#/` in an address is part of the page. */
  hashRoutes: boolean('hash_routes').notNull().default(false),
  createdAt,
})

export const keyKind = pgEnum('key_kind', ['write', 'secret'])

/** Keys are kept as SHA-256 hashes: they are 192 random bits, so a slow hash would add nothing. */
export const keys = pgTable(
  'keys',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    kind: keyKind('kind').notNull(),
    name: text('name').notNull(),
    /** The first characters, to tell keys apart after they were revealed. */
    hint: text('hint').notNull(),
    hash: text('hash').notNull().unique(),
    /** Requests a second that this key may make. */
    ratePerSecond: integer('rate_per_second').notNull(),
    createdAt,
    createdBy: text('created_by').notNull(),
    revokedAt: timestamp('revoked_at', { withTimezone: true }),
  },
  (t) => [index().on(t.projectId)],
)

export const role = pgEnum('role', ['viewer', 'operator', 'admin'])

/** People who sign in to the dashboard. */
export const users = pgTable('users', {
  id: uuid('id').primaryKey().defaultRandom(),
  email: text('email').notNull().unique(),
  /** What they may do with the cluster; an admin may everything, in every project, too. */
  role: role('role').notNull(),
  /** argon2id, in PHC string format; null for someone who has chosen none yet. */
  passwordHash: text('password_hash'),
  /** Who they are to the issuer of OpenID Connect that they came by: an address may become another's there. */
  oidcSubject: text('oidc_subject').unique(),
  /** What the codes of their second factor are made from, sealed with a secret that is not in the database. */
  totpSecret: text('totp_secret'),
  /** The step of time, of 30 s, whose code was used last: no code is good twice. */
  totpStep: bigint('totp_step', { mode: 'number' }).notNull().default(0),
  /** A session holds the one of its sign-in: a higher one ends all sessions at once. */
  sessionVersion: integer('session_version').notNull().default(1),
  createdAt,
})

/** What someone may do in a project. Whoever has none does not see it, unless they are an admin. */
export const memberships = pgTable(
  'memberships',
  {
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    role: role('role').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.projectId] }),
    index().on(t.projectId),
    check('memberships_role', sql`${t.role} <> 'admin'`),
  ],
)

/** A link with which the one it was given to chooses a password, once. */
export const invitations = pgTable('invitations', {
  userId: uuid('user_id')
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  /** SHA-256 of what stands in the link: 192 random bits, as of keys. */
  hash: text('hash').notNull().unique(),
  expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
})

/** Who changed what of accounts, projects and keys: added to, never changed. */
export const auditEntries = pgTable('audit_entries', {
  id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  at: timestamp('at', { withTimezone: true }).notNull().defaultNow(),
  /** By name, since accounts are deleted. */
  actor: text('actor').notNull(),
  /** Such as `account.invited`. */
  action: text('action').notNull(),
  /** What it was done to, by name. */
  subject: text('subject').notNull(),
  detail: jsonb('detail').$type<Record<string, unknown>>().notNull(),
})

/** Sessions that were signed out before their cookies end; kept for as long as such a cookie can live. */
export const endedSessions = pgTable(
  'ended_sessions',
  {
    id: uuid('id').primaryKey(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    endedAt: timestamp('ended_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [index().on(t.userId)],
)

/** What was dropped on purpose, by day (UTC) and reason, so that a difference between sent and stored can be explained. */
export const droppedRecords = pgTable(
  'dropped_records',
  {
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    day: date('day').notNull(),
    reason: text('reason', { enum: ['bot'] }).notNull(),
    count: bigint('count', { mode: 'number' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.day, t.reason] })],
)
