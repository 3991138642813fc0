import type { AccountCaller } from '@/lib/access/caller'
import type { OutputOf, ParsedInputOf } from '@/lib/http/endpoint'
import type * as contract from '@/lib/recovery/backups/contract'
import { describeHealth } from '@/lib/recovery/backups/health'
import { theProvider } from '@/lib/recovery/backups/provider-of'
import { nextOf, readSettings, writeSettings } from '@/lib/recovery/backups/settings'
import { readView } from '@/lib/recovery/backups/view'
import { appendJournal } from '@/lib/recovery/journal/file'
import { listRestorePoints, nameRestorePoint } from '@/lib/recovery/restore/points'
import { beginTask, loadTasks, publicTask } from '@/lib/recovery/tasks/store'

const NEWEST = 20

/** Whether what would be needed to recover is there. */
export const checkBackups = async (): Promise<OutputOf<typeof contract.getBackupHealth>> =>
  describeHealth(await readView())

/** Every backup, the schedule, and what is being done. */
export async function readBackups(): Promise<OutputOf<typeof contract.listBackups>> {
  const { provider, backups } = await readView()
  const settings = readSettings()
  const due = (words: string | null) => nextOf(words)?.toISOString() ?? null
  return {
    provider,
    backups,
    settings,
    next: {
      full: due(settings.full),
      incremental: due(settings.incremental),
      verify: due(settings.verify),
      drill: due(settings.drill),
    },
    restorePoints: listRestorePoints(),
    tasks: loadTasks().slice(0, NEWEST).map(publicTask),
  }
}

/** Asks for a backup. @throws Problem 409 */
export async function backUpNow(
  { kind }: ParsedInputOf<typeof contract.backUp>,
  { account }: AccountCaller,
): Promise<OutputOf<typeof contract.backUp>> {
  theProvider()
  const { id } = await beginTask(
    { kind: 'backup', backup: kind },
    account.email,
    `${kind} backup, asked for by hand`,
  )
  return { taskId: id }
}

/** Asks for a verification. @throws Problem 409 */
export async function verifyNow(
  { repository }: ParsedInputOf<typeof contract.verifyBackups>,
  { account }: AccountCaller,
): Promise<OutputOf<typeof contract.verifyBackups>> {
  theProvider()
  const { id } = await beginTask({ kind: 'verify', repository }, account.email, 'asked for by hand')
  return { taskId: id }
}

/** Asks for a drill. @throws Problem 409 */
export async function drillNow(
  { repository, backup }: ParsedInputOf<typeof contract.drillBackup>,
  { account }: AccountCaller,
): Promise<OutputOf<typeof contract.drillBackup>> {
  theProvider()
  const { id } = await beginTask({ kind: 'drill', repository, backup }, account.email, 'asked for by hand')
  return { taskId: id }
}

/** Sets when backups run and what is kept. @throws Problem 422 */
export async function setSettings(
  settings: ParsedInputOf<typeof contract.setBackupSettings>,
  { account }: AccountCaller,
): Promise<OutputOf<typeof contract.setBackupSettings>> {
  await writeSettings(settings)
  await appendJournal({ kind: 'backup-settings', actor: account.email, message: 'changed', detail: settings })
  return settings
}

/** Names this moment. @throws Problem 409 for a name that is taken, 503 without a leader */
export const nameThisMoment = async (
  { name }: ParsedInputOf<typeof contract.createRestorePoint>,
  { account }: AccountCaller,
): Promise<OutputOf<typeof contract.createRestorePoint>> => nameRestorePoint(name, account.email)
