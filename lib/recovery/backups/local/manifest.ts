import { createHash } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import type { Storage, Stored } from '@/lib/recovery/backups/local/storage'

/** A file of a backup: path in the data folder, bytes there, bytes as it is stored, SHA-256 of what is stored. */
const file = z.tuple([z.string(), z.number(), z.number(), z.string()])

const manifest = z.object({
  version: z.literal(1),
  id: z.string(),
  kind: z.enum(['full', 'incremental']),
  base: z.string().nullable(),
  systemIdentifier: z.string(),
  postgres: z.number().int(),
  segmentBytes: z.number().int(),
  member: z.string(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  timeline: z.number().int(),
  stopTimeline: z.number().int().optional(),
  startLsn: z.number().int(),
  stopLsn: z.number().int(),
  sizeBytes: z.number().int(),
  storedBytes: z.number().int(),
  folders: z.array(z.string()),
  files: z.array(file),
})
/** All that a backup consists of. It is written last: a folder without one is no backup. */
export type Manifest = z.infer<typeof manifest>

export const BACKUPS = 'backups'
export const manifestName = (id: string): string => `${BACKUPS}/${id}/manifest.json`
/** Of what the tables held. */
export const recordName = (id: string): string => `${BACKUPS}/${id}/record.json`
export const fileName = (id: string, path: string): string => `${BACKUPS}/${id}/data/${path}.gz`

/** The text of a manifest: one line of JSON, and one with the SHA-256 of the first. */
export function writeManifest(content: Manifest): string {
  const json = JSON.stringify(content)
  return `${json}\n${hashOf(json)}\n`
}

const known = new Map<string, Manifest>()

/**
 * A manifest as it is stored; one that is known is read again only if it was changed.
 *
 * @param listed it, where a listing has just shown it
 * @throws Error that says what is wrong with it
 */
export async function readManifest(storage: Storage, id: string, listed?: Stored): Promise<Manifest> {
  const stored = listed ?? (await storage.find(manifestName(id)))
  if (!stored) throw new Error('it has no manifest')
  const key = [storage.location, stored.name, stored.bytes, stored.at].join('\n')
  const manifest = known.get(key) ?? (await parseManifest(storage, id))
  known.set(key, manifest)
  return manifest
}

async function parseManifest(storage: Storage, id: string): Promise<Manifest> {
  const [json = '', hash = ''] = (await text(storage.get(manifestName(id)))).split('\n')
  if (hashOf(json) !== hash) throw new Error('its manifest is cut off or was changed')
  const parsed = manifest.safeParse(JSON.parse(json))
  if (!parsed.success) throw new Error('its manifest is of another version of Holdfast')
  return parsed.data
}

const hashOf = (json: string): string => createHash('sha256').update(json).digest('hex')
