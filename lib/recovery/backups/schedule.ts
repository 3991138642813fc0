import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { env } from '@/lib/env'
import { Problem } from '@/lib/http/problem'
import { findProvider } from '@/lib/recovery/backups/provider-of'
import { nextOf, readSettings, SCHEDULED, type Scheduled } from '@/lib/recovery/backups/settings'
import { readView } from '@/lib/recovery/backups/view'
import { recoveryFolder } from '@/lib/recovery/folder'
import { beginTask, loadTasks, type Order } from '@/lib/recovery/tasks/store'
import { replaceFile } from '@/lib/replace-file'

/** A first backup that failed is tried again after so long, in milliseconds. */
const FIRST_AGAIN_MS = 5 * 60_000
/** Another one that failed, though its next time may be a week away; in milliseconds. */
const AGAIN_MS = 30 * 60_000

const path = (): string => join(recoveryFolder(), 'backup-schedule.json')

/**
 * Asks for what is due, one thing at a time. What was due while nothing ran is done once, late; a scheduled backup that
 * failed is tried again until one succeeds; a cluster without a backup gets one at once.
 */
export async function askScheduled(now = new Date()): Promise<void> {
  const provider = env().HOLDFAST_DATA_DIR ? findProvider() : null
  if (!provider) return
  const { backups } = await readView()
  const tried = loadTasks().find(({ kind }) => kind === 'backup')
  if (!backups.some(({ state }) => state === 'complete')) {
    if (tried && now.getTime() - Date.parse(tried.startedAt) < FIRST_AGAIN_MS) return
    return void (await ask({ kind: 'backup', backup: 'full' }, 'there is no backup yet'))
  }
  const failed = tried?.state === 'failed' && tried.actor === 'schedule'
  if (failed && now.getTime() - Date.parse(tried.startedAt) >= AGAIN_MS)
    return void (await ask(tried.order, `again: the backup of ${tried.startedAt} failed`))
  const settings = readSettings()
  const asked = readAsked()
  for (const name of SCHEDULED) {
    const since = asked[name]
    if (since) {
      const due = nextOf(settings[name], new Date(since))
      if (!due || due > now) continue
      for (const order of ordersOf(name, provider.repositories.length))
        if (!(await ask(order, `scheduled: ${settings[name]}`))) return
    }
    asked[name] = now.toISOString()
    replaceFile(path(), JSON.stringify(asked))
    if (since) return
  }
}

/** Of verification and drills each repository has its turn. */
function ordersOf(name: Scheduled, repositories: number): Order[] {
  if (name === 'full' || name === 'incremental') return [{ kind: 'backup', backup: name }]
  const last = loadTasks().find(({ kind, actor }) => kind === name && actor === 'schedule')
  const repository = ((last?.repository ?? 0) % repositories) + 1
  return [{ kind: name, repository }]
}

/** @returns false while something else is under way: it is asked for again */
async function ask(order: Order, reason: string): Promise<boolean> {
  try {
    await beginTask(order, 'schedule', reason)
    return true
  } catch (error) {
    if (error instanceof Problem) return false
    throw error
  }
}

/** When each was asked for last; one that never was counts from when it is first looked at. */
function readAsked(): Partial<Record<Scheduled, string>> {
  try {
    return JSON.parse(readFileSync(path(), 'utf8')) as Partial<Record<Scheduled, string>>
  } catch {
    return {}
  }
}
