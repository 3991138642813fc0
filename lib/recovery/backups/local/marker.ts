import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { writeDurably } from '@/lib/durable'
import type { Storage } from '@/lib/recovery/backups/local/storage'
import { recoveryFolder } from '@/lib/recovery/folder'

const MARKER = 'holdfast.json'

/**
 * Makes sure that a storage is the one of this cluster. A new one is marked; where one was marked before and the mark is gone,
 * a disk is perhaps not mounted, and what is written would land under it.
 *
 * @throws Error with what to do
 */
export async function claim(storage: Storage, systemIdentifier: string): Promise<void> {
  const found = await readMark(storage)
  if (found && found !== systemIdentifier)
    throw new Error(
      `${storage.location} holds the backups of another cluster (${found}): name another place.`,
    )
  if (found) return
  const known = readKnown()
  if (known.includes(storage.location))
    throw new Error(
      `${storage.location} is there, but it is not the repository that it was: is it mounted? To begin anew there, remove its line from ${knownPath()}.`,
    )
  const mark = JSON.stringify({ systemIdentifier, since: new Date().toISOString() })
  await storage.put(MARKER, Readable.from([Buffer.from(mark)]))
  await writeDurably(knownPath(), JSON.stringify([...known, storage.location], null, 1))
}

/** Whose backups a storage holds; null if it is not marked. @throws Error when it cannot be reached */
async function readMark(storage: Storage): Promise<string | null> {
  await storage.names('')
  if (!(await storage.find(MARKER))) return null
  const { systemIdentifier } = JSON.parse(await text(storage.get(MARKER))) as { systemIdentifier: string }
  return systemIdentifier
}

const knownPath = (): string => join(recoveryFolder(), 'repositories.json')

function readKnown(): string[] {
  try {
    return JSON.parse(readFileSync(knownPath(), 'utf8')) as string[]
  } catch {
    return []
  }
}
