import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { failedByMinute, sumLately } from '@/lib/analytics/ingest/failures'
import { spool } from '@/lib/analytics/ingest/spool/spool'
import { env } from '@/lib/env'
import { log } from '@/lib/log'
import { processIdentity } from '@/lib/process-identity'
import { replaceFile } from '@/lib/replace-file'
import { singleton } from '@/lib/singleton'

/** How often a web server looks whether there is something new to report, in milliseconds. */
const EVERY_MS = 1_000

const report = z.object({
  pid: z.number(),
  identity: z.string().nullable(),
  spool: z.object({ records: z.number(), oldestAt: z.number().nullable() }),
  failed: z.array(z.tuple([z.number(), z.number()])),
})
type Report = z.infer<typeof report>

/** What the web servers of this data folder say of recording; times in milliseconds since 1970. */
export interface IngestState {
  spool: Report['spool']
  /** Records that could not be stored in the last minutes. */
  failed: number
}

/**
 * Tells other processes, in a file of its own in the data folder, what waits in this process's spool and what failed: only
 * the process that records knows. Written when it differs.
 */
export function reportIngest(): void {
  const folder = folderOf(env().HOLDFAST_DATA_DIR)
  if (!folder) return
  singleton('ingest.report', () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    let last = ''
    const write = () => {
      try {
        const text = JSON.stringify(reportNow())
        if (text === last) return
        replaceFile(join(folder, `${process.pid}.json`), text)
        last = text
      } catch (error) {
        // A full disk, or a folder that is gone: once in the log, not once a second.
        if (last !== 'unwritten') log('warn', 'the state of recording cannot be written', { error })
        last = 'unwritten'
      }
    }
    write()
    return setInterval(write, EVERY_MS).unref()
  })
}

/**
 * What all web servers reported. Of one that ended only its failures count, until they are told no more: what it had in its
 * spool is the next one's. Null while none that is alive reports.
 */
export function readIngestState(at = Date.now()): IngestState | null {
  const folder = folderOf(env().HOLDFAST_DATA_DIR)
  if (!folder) return null
  const reports = readReports(folder)
  const alive = reports.filter(({ pid, identity }) => identity !== null && processIdentity(pid) === identity)
  for (const one of reports)
    if (!alive.includes(one) && sumLately(one.failed, at) === 0)
      rmSync(join(folder, `${one.pid}.json`), { force: true })
  if (alive.length === 0) return null
  const oldest = alive.flatMap((one) => one.spool.oldestAt ?? [])
  return {
    spool: {
      records: alive.reduce((sum, one) => sum + one.spool.records, 0),
      oldestAt: oldest.length > 0 ? Math.min(...oldest) : null,
    },
    failed: reports.reduce((sum, one) => sum + sumLately(one.failed, at), 0),
  }
}

const folderOf = (dataDir: string | undefined) => (dataDir ? join(dataDir, 'ingest') : undefined)

function reportNow(): Report {
  const state = spool()?.state
  return {
    pid: process.pid,
    identity: processIdentity(process.pid),
    spool: {
      records: state?.records ?? 0,
      oldestAt: state?.oldestAt ? Date.parse(state.oldestAt) : null,
    },
    failed: failedByMinute(),
  }
}

function readReports(folder: string): Report[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .flatMap((name) => report.safeParse(JSON.parse(readFileSync(join(folder, name), 'utf8'))).data ?? [])
  } catch {
    // It is being removed, or was never made.
    return []
  }
}
