import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { ImportError } from './fail'

const credentials = z.object({
  url: z.url().transform((url) => url.replace(/\/+$/, '')),
  users: z.object({ admin: z.object({ email: z.string(), password: z.string() }) }),
  project: z.object({ id: z.string(), name: z.string(), secretKey: z.string() }),
})
export type Credentials = z.output<typeof credentials>

/**
 * Reads what a running Holdfast wrote down for its own scripts.
 *
 * @throws ImportError where there is nothing, or nothing that fits
 */
export async function readCredentials(dataDir: string): Promise<Credentials> {
  const path = join(dataDir, 'credentials.json')
  const text = await readFile(path, 'utf8').catch(() => {
    throw new ImportError(`there is no ${path}: start Holdfast with npm start, or give --url and --key`)
  })
  try {
    return credentials.parse(JSON.parse(text))
  } catch {
    throw new ImportError(`${path} is not a credentials file of Holdfast`)
  }
}
