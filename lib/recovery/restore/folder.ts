import { existsSync, mkdirSync, readdirSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { formatBytes } from '@/lib/recovery/format'

/** Of the disk that is left free beside what is restored. */
const SPARE_BYTES = 64 * 2 ** 20

/**
 * Makes an empty folder for restored data, which the servers' user can reach.
 *
 * @param bytes that will be put there, about
 * @throws Error when it holds something, or its disk is too small
 */
export function makeRoom(folder: string, bytes: number): void {
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new Error(`${folder} is not empty: nothing is restored over anything.`)
  mkdirSync(dirname(folder), { recursive: true, mode: 0o711 })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { bavail, bsize } = statfsSync(folder)
  if (bavail * bsize < bytes + SPARE_BYTES)
    throw new Error(
      `The disk of ${folder} has ${formatBytes(bavail * bsize)} free: ${formatBytes(bytes + SPARE_BYTES)} are needed.`,
    )
}
