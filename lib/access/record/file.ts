import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { log } from '@/lib/log'
import { singleton } from '@/lib/singleton'

/**
 * What the access record holds: who may sign in and which keys there are, for the time without a database. Passwords
 * and keys are in it as hashes only, as in the database.
 */
const schema = z.object({
  version: z.literal(1),
  users: z.array(
    z.object({
      id: z.string(),
      email: z.string(),
      role: z.enum(['viewer', 'operator', 'admin']),
      passwordHash: z.string().nullable(),
      // These are not in a record of before they were asked for.
      sessionVersion: z.number().default(1),
      totpSecret: z.string().nullable().default(null),
      memberships: z
        .array(z.object({ projectId: z.string(), role: z.enum(['viewer', 'operator']) }))
        .default([]),
    }),
  ),
  endedSessions: z.array(z.string()).default([]),
  /** Oldest first. */
  projects: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      timezone: z.string(),
      retentionDays: z.number().nullable(),
      allowedOrigins: z.array(z.string()),
      dropBots: z.boolean().default(true),
      allowedAgents: z.array(z.string()).default([]),
      hashRoutes: z.boolean().default(false),
      createdAt: z.iso.datetime(),
    }),
  ),
  keys: z.array(
    z.object({
      id: z.string(),
      projectId: z.string(),
      kind: z.enum(['write', 'secret']),
      hash: z.string(),
      ratePerSecond: z.number(),
    }),
  ),
})
export type AccessRecord = z.infer<typeof schema>

/** Where the access record of a data folder is. */
export const recordPath = (dataDir: string): string => join(dataDir, 'access.json')

const loaded = singleton('access.record', () => new Map<string, { stamp: string; record?: AccessRecord }>())

/** The access record of a data folder; nothing if there is none, or none that can be read. */
export function readRecord(dataDir: string): AccessRecord | undefined {
  const path = recordPath(dataDir)
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return undefined
  // Every write makes a new file, so these tell whether it is the one that was read last.
  const stamp = `${stat.ino} ${stat.mtimeMs} ${stat.size}`
  const last = loaded.get(path)
  if (last?.stamp === stamp) return last.record
  const record = parse(path)
  loaded.set(path, { stamp, record })
  return record
}

function parse(path: string): AccessRecord | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    log('error', 'the access record cannot be read', { path, error })
    return undefined
  }
}

/** Writes the access record for its owner alone; a crash leaves the old one or the new one. */
export function writeRecord(dataDir: string, record: AccessRecord): void {
  const path = recordPath(dataDir)
  const temporary = `${path}.${process.pid}`
  rmSync(temporary, { force: true })
  const file = openSync(temporary, 'wx', 0o600)
  try {
    writeSync(file, `${JSON.stringify(record, null, 1)}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(temporary, path)
  const folder = openSync(dirname(path), 'r')
  fsyncSync(folder)
  closeSync(folder)
}
