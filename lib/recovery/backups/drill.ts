import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { contentAt } from '@/db/queries/recovery/backup-record'
import { checkRelations, promote } from '@/db/queries/recovery/replay'
import { findPostmaster, stopPostmaster } from '@/lib/postgres/processes'
import { lineThrough, walkArchive } from '@/lib/recovery/backups/archive'
import { describeGap } from '@/lib/recovery/backups/check'
import { addProofs, proofKey } from '@/lib/recovery/backups/proofs'
import type { Inventory, Provider, StoredBackup } from '@/lib/recovery/backups/provider'
import { theProvider } from '@/lib/recovery/backups/provider-of'
import type { BackupRecord } from '@/lib/recovery/backups/record'
import { dataFolder } from '@/lib/recovery/folder'
import { formatLsn, formatSeconds } from '@/lib/recovery/format'
import { makeRoom } from '@/lib/recovery/restore/folder'
import { type ScratchServer, startScratch } from '@/lib/recovery/restore/scratch-server'
import type { Context, Works } from '@/lib/recovery/tasks/run'
import type { OrderOf } from '@/lib/recovery/tasks/store'

/** Restores a backup in a scratch folder, proves that it is what it was, and removes it again. */
export const drill: Works['drill'] = async (context) => {
  const { task } = context
  const provider = theProvider()
  const inventory = await provider.take(task.order.repository)
  const backup = chooseBackup(inventory, task.order.backup)
  task.backup = backup.id
  const folder = scratchFolder(task.id)
  try {
    const message = await restoreAndCheck(context, provider, inventory, backup, folder)
    await keep(context, true, message)
    return message
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    if (!context.abort.aborted) await keep(context, false, message)
    throw error
  } finally {
    await removeScratch(task.id)
  }
}

/** The newest whole backup, or the one that is wanted. @throws Error if there is none */
export function chooseBackup({ backups }: Inventory, wanted: string | undefined): StoredBackup {
  const newestFirst = backups.toSorted((a, b) => b.endedAt.localeCompare(a.endedAt))
  const backup = wanted
    ? newestFirst.find(({ id }) => id === wanted)
    : newestFirst.find(({ problems }) => problems.length === 0)
  if (!backup)
    throw new Error(wanted ? `There is no backup ${wanted} there.` : 'There is no whole backup there yet.')
  return backup
}

async function restoreAndCheck(
  { task, abort, step, skip }: Context<OrderOf<'drill'>>,
  provider: Provider,
  inventory: Inventory,
  backup: StoredBackup,
  folder: string,
): Promise<string> {
  const { repository } = task.order
  const begun = Date.now()
  const record = await provider.readRecord(repository, backup.id)
  const upTo = Math.max(record?.lsn ?? 0, backup.stopLsn)
  const settings = await step('restore', async (progress) => {
    const { gaps, reach, along } = walkArchive(
      backup,
      inventory,
      upTo,
      record && lineThrough(record, inventory),
    )
    if (gaps[0]) throw new Error(describeGap(gaps[0]).what)
    if (reach < upTo)
      throw new Error(
        `The archive reaches ${formatLsn(reach)} alone: the backup needs it up to ${formatLsn(upTo)}.`,
      )
    makeRoom(folder, backup.sizeBytes)
    const target = record ? ({ kind: 'name', name: record.name } as const) : ({ kind: 'latest' } as const)
    const result = await provider.restore(
      { repository, backup, target, folder, upTo, along },
      progress,
      abort,
    )
    return { result, detail: `from repository ${repository}, every file as its checksum says` }
  })
  let server: ScratchServer | undefined
  try {
    const running = await step('replay', async (progress) => {
      const until = record ? null : backup.stopLsn
      const onReplay = (lsn: number) => progress(Math.max(0, lsn - backup.startLsn), upTo - backup.startLsn)
      server = await startScratch({ folder, settings, until, onReplay, abort })
      task.rtoSeconds = (Date.now() - begun) / 1000
      const { lsn, at } = server.recovered
      task.recoveredTo = { lsn: formatLsn(lsn), at }
      return {
        result: server,
        detail: `up to ${formatLsn(lsn)}, the last commit at ${at ?? 'no known time'}`,
      }
    })
    if (record) await step('compare', () => compare(running, record))
    else skip('compare', 'nothing was recorded when it was made')
    await step('check', async (progress) => {
      const checked = await running.asSuperuser(async (db) => {
        await promote(db)
        return checkRelations(db, progress)
      })
      return `it takes writes; ${checked} tables and indexes are sound`
    })
  } finally {
    await server?.stop()
  }
  await step('clean', async () => {
    await removeScratch(task.id)
    return 'nothing of it is left'
  })
  return `Backup ${backup.id} of repository ${repository} was restored in ${formatSeconds(task.rtoSeconds ?? 0)}.`
}

async function compare({ connection }: ScratchServer, { snapshot, tables }: BackupRecord): Promise<string> {
  const found = new Map((await contentAt(connection.db, snapshot)).map((content) => [content.table, content]))
  for (const { table, rows, hash } of tables) {
    const now = found.get(table)
    if (now?.rows !== rows) throw new Error(`${table} has ${now?.rows ?? 'no'} records; ${rows} were there.`)
    if (now.hash !== hash)
      throw new Error(`${table} has ${rows} records, and not the same: their hashes differ.`)
  }
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  return `${rows.toLocaleString('en-US')} records in ${tables.length} tables, the same as were recorded`
}

async function keep({ task }: Context<OrderOf<'drill'>>, passed: boolean, message: string): Promise<void> {
  const at = new Date().toISOString()
  await addProofs({
    [proofKey(task.order.repository, task.backup ?? '')]: {
      drilled: { at, passed, rtoSeconds: task.rtoSeconds, taskId: task.id, message },
    },
  })
}

/** Where a drill restores to. */
function scratchFolder(id: string): string {
  return join(dataFolder(), 'scratch', id)
}

/** Ends the server of a drill, if its process died before it did, and removes its folder. */
export async function removeScratch(id: string): Promise<void> {
  const folder = scratchFolder(id)
  const left = findPostmaster(folder)
  if (left) await stopPostmaster(left)
  for (const path of [folder, `${folder}.tablespaces`])
    rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
}
