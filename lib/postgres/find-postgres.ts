import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findBinaries } from '@/lib/postgres/binaries'

/**
 * The `postgres` that can run a data folder, by the version that made it: the one that npm installed, Debian’s, or that of
 * HOLDFAST_POSTGRES_BIN.
 *
 * @throws Error when there is none
 */
export async function findPostgres(folder: string): Promise<string> {
  const version = readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim()
  const named = process.env.HOLDFAST_POSTGRES_BIN
  const embedded = await findBinaries().catch(() => null)
  if (!named && embedded && String(embedded.major) === version) return embedded.postgres
  const path = join(named ?? `/usr/lib/postgresql/${version}/bin`, 'postgres')
  if (existsSync(path)) return path
  throw new Error(
    `PostgreSQL ${version}, which made this data, is not on this machine: install it, or name the folder of its programs in HOLDFAST_POSTGRES_BIN.`,
  )
}
