import { setTimeout as sleep } from 'node:timers/promises'
import { type Connection, type Db, NoLeader } from '@/db/connect'
import { readRecord } from '@/lib/access/record/file'
import { keepRecord } from '@/lib/access/record/keep'
import { nameRestorePoint } from '@/lib/recovery/restore/points'
import { seedDemo } from '@/scripts/seed'
import {
  type Credentials,
  ensureOwn,
  ensureProject,
  ensureUsers,
  letIn,
  readCredentials,
  sessionSecret,
  writeCredentials,
} from '@/scripts/start/credentials'
import { prepareDatabase } from '@/scripts/start/database'
import type { StartOptions } from '@/scripts/start/options'

/** How long a start waits for a leader, in milliseconds. */
const LEADER_MS = 15_000
const RETRY_MS = 1_000

export interface Preparation {
  address: string
  options: StartOptions
  members(): Credentials['cluster']['members']
  say(line: string): void
  /** Whether the start is being taken back. */
  ending(): boolean
}

export interface Prepared {
  project: Credentials['project']
  /** The passwords are not ours to know. */
  unknown: boolean
}

/**
 * Prepares the database: schema, accounts, first project, access record. Nothing is returned when no leader is found
 * for 15 s and the folder has an access record, by which people sign in without a database.
 */
export async function prepareInTime(wanted: Preparation): Promise<Prepared | undefined> {
  const deadline = Date.now() + LEADER_MS
  for (let told = false; ; told = true) {
    try {
      return await prepare(wanted)
    } catch (error) {
      if (!(error instanceof NoLeader) || !readRecord(wanted.options.dataDir)) throw error
      if (Date.now() > deadline || wanted.ending()) return tellUrl(wanted)
      if (!told) wanted.say(`Waiting up to ${LEADER_MS / 1000} s for a database that takes writes …`)
      await sleep(RETRY_MS)
    }
  }
}

/** Only the address that people open may have changed since the last start. */
function tellUrl({ options }: Preparation): undefined {
  const known = readCredentials(options.dataDir)
  if (known) writeCredentials(options.dataDir, { ...known, url: options.url })
}

/** Prepares the database as soon as there is one; until then the processes run with what they have. */
export async function prepareLater(wanted: Preparation): Promise<void> {
  for (let last = ''; !wanted.ending(); await sleep(RETRY_MS)) {
    try {
      await prepare(wanted)
      return wanted.say('A database answers again, and is prepared: everything works.')
    } catch (error) {
      const { message } = error as Error
      if (message !== last) wanted.say(`The database is not prepared yet: ${message}`)
      last = message
    }
  }
}

async function prepare(wanted: Preparation): Promise<Prepared> {
  const connection = await prepareDatabase(wanted.address, (db, migration) =>
    nameMoment(wanted, db, migration),
  )
  try {
    const access = await prepareAccess(connection, wanted)
    await keepRecord(connection.db, wanted.options.dataDir)
    return access
  } finally {
    await connection.close()
  }
}

/** So that a migration can be gone back on. That it cannot be named keeps nobody from starting. */
async function nameMoment({ address, options, say }: Preparation, db: Db, migration: string): Promise<void> {
  process.env.DATABASE_URL ??= address
  process.env.NEXTAUTH_SECRET ??= sessionSecret(options.dataDir)
  process.env.HOLDFAST_DATA_DIR ??= options.dataDir
  try {
    await nameRestorePoint(`before-${migration}`, 'holdfast start', db)
  } catch (error) {
    say(`The moment before ${migration} has no name: ${(error as Error).message}`)
  }
}

async function prepareAccess(
  connection: Connection,
  { options, members, say }: Preparation,
): Promise<Prepared> {
  const known = readCredentials(options.dataDir)
  const accounts = await ensureUsers(connection, known?.users, options.resetPasswords)
  const { users, unknown } = accounts
  const { project, made } = await ensureProject(connection, known?.project)
  const itself = options.ownAnalytics
    ? await ensureOwn(connection, known?.own, project, options.url)
    : undefined
  const own = itself?.own ?? known?.own
  const projects = [{ id: project.id, made }, ...(itself ? [{ id: itself.own.id, made: itself.made }] : [])]
  await letIn(connection, accounts, projects)
  writeCredentials(options.dataDir, {
    url: options.url,
    users,
    project,
    own,
    cluster: { members: members() },
  })
  if (made && options.demo) {
    const { records, ms } = await seedDemo(connection, project.id, new Date())
    say(
      `Demo project: ${records.toLocaleString('en')} records of the last 60 days in ${(ms / 1000).toFixed(1)} s.`,
    )
  }
  return { project, unknown }
}
