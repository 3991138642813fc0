import { z } from 'zod'
import { endpoint } from '@/lib/http/endpoint'
import { healthStatus } from '@/lib/recovery/health/contract'
import { task } from '@/lib/recovery/tasks/contract'

const BASE = '/api/disaster-recovery'

const problem = z.object({
  what: z.string().describe('What is wrong, and where'),
  action: z.string().describe('What to do about it'),
})
export type BackupProblem = z.infer<typeof problem>

const kind = z
  .enum(['full', 'differential', 'incremental'])
  .describe('Differential is pgBackRest’s alone; locally an incremental is the WAL since its full backup')
export type BackupKind = z.infer<typeof kind>

const drill = z.object({
  at: z.iso.datetime(),
  passed: z.boolean(),
  rtoSeconds: z.number().nullable(),
  taskId: z.uuid(),
})

const backup = z.object({
  id: z.string(),
  repository: z.number().int(),
  kind,
  base: z.string().nullable().describe('The backup that it builds upon'),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  member: z.string().nullable().describe('Whom it was copied from'),
  timeline: z.number().int(),
  startLsn: z.string(),
  stopLsn: z.string(),
  sizeBytes: z.number().int().describe('Of the database'),
  storedBytes: z.number().int().describe('In the repository'),
  state: z.enum(['complete', 'damaged']).describe('damaged: it cannot be restored, problems say why'),
  problems: z.array(problem),
  verified: z
    .object({ at: z.iso.datetime(), passed: z.boolean() })
    .nullable()
    .describe('The last time that all its content was read and compared with its checksums'),
  drilled: drill.nullable().describe('The last drill: only a backup that one has restored counts as proven'),
})
export type Backup = z.infer<typeof backup>

const gap = z.object({
  timeline: z.number().int(),
  from: z.string().describe('The first WAL segment that is missing'),
  to: z.string().describe('The last'),
  segments: z.number().int(),
  backup: z.string().describe('The oldest backup that cannot be recovered past it'),
})
export type ArchiveGap = z.infer<typeof gap>

const recoveryWindow = z.object({
  from: z.iso.datetime().describe('The end of the oldest backup that is whole'),
  fromLsn: z.string(),
  to: z.iso.datetime().describe('When the newest WAL was archived that can be reached without a gap'),
  toLsn: z.string(),
  timeline: z.number().int(),
})
export type RecoveryWindow = z.infer<typeof recoveryWindow>

const repository = z.object({
  number: z.number().int(),
  location: z.string(),
  reachable: z.boolean(),
  backups: z.number().int(),
  segments: z.number().int().describe('WAL files in its archive'),
  storedBytes: z.number().int(),
  window: recoveryWindow.nullable(),
  gaps: z.array(gap),
  rpoSeconds: z
    .number()
    .nullable()
    .describe('What would be lost if only this repository were left: seconds since all WAL was in it'),
  behind: z
    .object({ files: z.number().int(), bytes: z.number().int() })
    .nullable()
    .describe('What the first repository has and this one has not yet; null for the first'),
  problems: z.array(problem),
})
export type Repository = z.infer<typeof repository>

const archiver = z.object({
  member: z.string(),
  archiving: z.boolean(),
  archived: z.number().int(),
  failed: z.number().int(),
  lastArchived: z.string().nullable(),
  lastArchivedAt: z.iso.datetime().nullable(),
  lastFailedAt: z.iso.datetime().nullable(),
  failing: z.boolean().describe('The last attempt failed'),
  waiting: z.number().int().nullable().describe('Segments that are done and not archived; null if unknown'),
})

export const getBackupHealth = endpoint({
  id: 'getBackupHealth',
  method: 'GET',
  path: `${BASE}/health/backups`,
  access: 'viewer',
  summary: 'Whether what would be needed to recover is there: backups, archive, second copy, proof',
  input: z.strictObject({}),
  output: z.object({
    status: healthStatus.describe('The worst of the checks'),
    provider: z.enum(['local', 'pgbackrest']).nullable().describe('Null where backups are not set up'),
    checks: z.array(
      z.object({
        name: z.string(),
        status: healthStatus,
        observed: z.string(),
        limit: z.string(),
        action: z.string().describe('What to do if it is not pass'),
      }),
    ),
    newest: backup.nullable().describe('The newest backup that is whole'),
    ageSeconds: z.number().nullable().describe('Since its end'),
    damaged: z.array(backup).describe('Backups that cannot be restored as they are'),
    firstBackupAt: z.iso.datetime().nullable().describe('The end of the oldest backup that is whole'),
    proven: backup.nullable().describe('The newest that a drill has restored'),
    archivers: z.array(archiver),
    repositories: z.array(repository),
    lastDrill: drill.nullable(),
    window: recoveryWindow.nullable().describe('Of the repository that reaches farthest'),
    rpoSeconds: z
      .number()
      .nullable()
      .describe('What would be lost if every member were lost now, in seconds; null if unknown'),
  }),
})
export type BackupHealth = z.output<(typeof getBackupHealth)['output']>

const cron = z.string().trim().max(100).nullable().describe('In cron words, in UTC; null for never')

const settings = z.object({
  full: cron,
  incremental: cron,
  drill: cron,
  verify: cron,
  keepFull: z.number().int().min(1).max(1000).describe('Full backups that are kept at the least'),
  windowDays: z.number().int().min(1).max(3650).describe('Days back to which every moment can be recovered'),
})
export type BackupSettings = z.infer<typeof settings>

const restorePoint = z.object({
  name: z.string(),
  lsn: z.string(),
  timeline: z.number().int(),
  at: z.iso.datetime(),
  actor: z.string(),
})
export type RestorePoint = z.infer<typeof restorePoint>

export const listBackups = endpoint({
  id: 'listBackups',
  method: 'GET',
  path: `${BASE}/backups`,
  access: 'viewer',
  summary: 'Every backup in every repository, newest first, with the schedule and the newest tasks',
  input: z.strictObject({}),
  output: z.object({
    provider: z.enum(['local', 'pgbackrest']).nullable(),
    backups: z.array(backup),
    settings,
    next: z
      .object({
        full: z.iso.datetime().nullable(),
        incremental: z.iso.datetime().nullable(),
        drill: z.iso.datetime().nullable(),
        verify: z.iso.datetime().nullable(),
      })
      .describe('When each is due next'),
    restorePoints: z.array(restorePoint).describe('The newest first'),
    tasks: z.array(task).describe('The newest 20, newest first'),
  }),
})
export type BackupList = z.output<(typeof listBackups)['output']>

const accepted = z.object({ taskId: z.uuid() })

export const backUp = endpoint({
  id: 'backUp',
  method: 'POST',
  path: `${BASE}/backups`,
  access: 'operator',
  summary: 'Back up now; 409 while another backup, drill or restore runs',
  input: z.strictObject({ kind: kind.default('full') }),
  output: accepted,
  status: 202,
})

export const verifyBackups = endpoint({
  id: 'verifyBackups',
  method: 'POST',
  path: `${BASE}/backups/verify`,
  access: 'operator',
  summary: 'Read everything in a repository and compare it with its checksums',
  input: z.strictObject({ repository: z.number().int().min(1).max(2) }),
  output: accepted,
  status: 202,
})

export const drillBackup = endpoint({
  id: 'drillBackup',
  method: 'POST',
  path: `${BASE}/backups/drill`,
  access: 'operator',
  summary: 'Restore a backup into a scratch folder, start it, check it, and remove it again',
  input: z.strictObject({
    repository: z.number().int().min(1).max(2).default(1),
    backup: z.string().min(1).max(100).optional().describe('The newest that is whole, if left out'),
  }),
  output: accepted,
  status: 202,
})

export const setBackupSettings = endpoint({
  id: 'setBackupSettings',
  method: 'PUT',
  path: `${BASE}/backups/settings`,
  access: 'operator',
  summary: 'When backups, drills and verification run, and what is kept',
  input: z.strictObject(settings.shape),
  output: settings,
})

export const createRestorePoint = endpoint({
  id: 'createRestorePoint',
  method: 'POST',
  path: `${BASE}/backups/restore-points`,
  access: 'operator',
  summary: 'Name this moment, to be able to recover to it',
  input: z.strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'Lower-case letters, digits, dots, dashes; 63 at the most'),
  }),
  output: restorePoint,
  status: 201,
})
