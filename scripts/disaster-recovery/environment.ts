import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { openHome } from '@/scripts/cluster/home'
import { addressOfRunning, restAuthOf } from '@/scripts/cluster/running'
import { readCredentials, sessionSecret } from '@/scripts/start/credentials'
import { giveUpRoot } from '@/scripts/start/give-up-root'

/**
 * Sets the environment as `npm start` sets it for its processes, from the data folder of a cluster that it runs; what is set
 * already, for a cluster of one's own, stays. To be called before anything of `lib` is loaded. Gives up root as a start does.
 *
 * @param others folders that are written into as well
 */
export async function setEnvironment(dataDir: string, others: string[] = []): Promise<void> {
  const folder = resolve(process.env.HOLDFAST_DATA_DIR ?? dataDir)
  process.env.HOLDFAST_DATA_DIR = folder
  if (!existsSync(folder)) throw new Error(`There is no data folder ${folder}: --data-dir names it.`)
  await giveUpRoot(folder, others)
  process.env.NEXTAUTH_SECRET ??= sessionSecret(folder)
  if (process.env.DATABASE_URL) return
  process.env.DATABASE_URL = addressOfRunning(folder)
  process.env.HOLDFAST_ENGINE_AUTH = restAuthOf(folder)
  process.env.HOLDFAST_MEMBERS = JSON.stringify(readCredentials(folder)?.cluster.members ?? [])
  process.env.BACKUP_PROVIDER ??= 'local'
  process.env.BACKUP_REPOSITORY ??= openHome(folder).repository
}
