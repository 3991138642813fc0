import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { env } from '@/lib/env'
import { Problem } from '@/lib/http/problem'

/**
 * The folder on this machine's disk that recovery keeps its journal, plans and operations in: it has to work when no
 * database does. Made if it is not there.
 *
 * @throws Problem 503 when HOLDFAST_DATA_DIR names no folder, or one that cannot be written
 */
export function recoveryFolder(...below: string[]): string {
  const folder = join(dataFolder(), 'recovery', ...below)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new Problem(503, 'The folder of recovery cannot be written.', { cause })
  }
  return folder
}

/** What must outlive the process and the database. @throws Problem 503 when HOLDFAST_DATA_DIR names no folder */
export function dataFolder(): string {
  const dataDir = env().HOLDFAST_DATA_DIR
  if (!dataDir) throw new Problem(503, 'HOLDFAST_DATA_DIR names no folder for the journal of recovery.')
  return dataDir
}
