import { statfs } from 'node:fs/promises'
import { env } from '@/lib/env'

/** The share of the data folder's disk that is free, 0 to 1; null where no folder is named. @throws Error */
export async function readFreeDisk(): Promise<number | null> {
  const folder = env().HOLDFAST_DATA_DIR
  if (!folder) return null
  const { bavail, blocks } = await statfs(folder)
  return bavail / blocks
}
