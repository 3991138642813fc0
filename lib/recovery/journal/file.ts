import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFolder } from '@/lib/durable'
import { withLock } from '@/lib/lock'
import { recoveryFolder } from '@/lib/recovery/folder'
import type { JournalEntry } from '@/lib/recovery/journal/contract'

/** What is said of an action; the rest of an entry follows from its place. */
export type Note = Pick<JournalEntry, 'kind' | 'actor' | 'message'> &
  Partial<Pick<JournalEntry, 'operationId' | 'detail'>>

/** Before the first entry. */
const BEGINNING = '0'.repeat(64)

const journalPath = (): string => join(recoveryFolder(), 'journal.ndjson')

/**
 * Adds an entry to the journal; resolves when it is on disk. Each entry holds the hash of the one before, so that none
 * can be changed, left out or put in between without a trace.
 */
export async function appendJournal(note: Note, at = new Date()): Promise<JournalEntry> {
  const path = journalPath()
  return withLock(`${path}.lock`, 'journal', async () => {
    const { entries, bytes } = readEntries(path)
    const last = entries.at(-1)
    const entry = chain(
      {
        seq: (last?.seq ?? 0) + 1,
        at: at.toISOString(),
        kind: note.kind,
        actor: note.actor,
        message: note.message,
        operationId: note.operationId ?? null,
        detail: note.detail ?? {},
      },
      last?.hash ?? BEGINNING,
    )
    const isNew = !existsSync(path)
    const file = await open(path, isNew ? 'w' : 'r+', 0o600)
    try {
      // What a crash left half written was never told to anyone.
      await file.truncate(bytes)
      await file.write(`${JSON.stringify(entry)}\n`, bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    if (isNew) await syncFolder(recoveryFolder())
    return entry
  })
}

/** All entries, oldest first, and the seq of the first that does not follow from the one before; null if all do. */
export function readJournal(): { entries: JournalEntry[]; brokenAt: number | null } {
  const { entries } = readEntries(journalPath())
  let previous = BEGINNING
  let brokenAt: number | null = null
  for (const [index, entry] of entries.entries()) {
    const follows =
      entry.seq === index + 1 && entry.previous === previous && chain(entry, previous).hash === entry.hash
    if (!follows) {
      brokenAt = entry.seq
      break
    }
    previous = entry.hash
  }
  return { entries, brokenAt }
}

function chain(entry: Omit<JournalEntry, 'previous' | 'hash'>, previous: string): JournalEntry {
  const { seq, at, kind, actor, message, operationId, detail } = entry
  const text = JSON.stringify([previous, seq, at, kind, actor, message, operationId, detail])
  const hash = createHash('sha256').update(text).digest('hex')
  return { seq, at, kind, actor, message, operationId, detail, previous, hash }
}

/** The entries of whole lines, and where the last of those ends, in bytes. */
function readEntries(path: string): { entries: JournalEntry[]; bytes: number } {
  if (!existsSync(path)) return { entries: [], bytes: 0 }
  const content = readFileSync(path)
  const bytes = content.lastIndexOf('\n') + 1
  const lines = content.subarray(0, bytes).toString('utf8').split('\n').slice(0, -1)
  return { entries: lines.map(parseLine), bytes }
}

/** A line that is no entry any more still has its place in the chain, which it breaks. */
function parseLine(line: string, index: number): JournalEntry {
  try {
    return JSON.parse(line) as JournalEntry
  } catch {
    const unreadable = {
      kind: 'unreadable',
      actor: '',
      message: line.slice(0, 200),
      operationId: null,
      detail: {},
    }
    return { seq: index + 1, at: new Date(0).toISOString(), ...unreadable, previous: '', hash: '' }
  }
}
