import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

/** Each test has a folder and an environment of its own. */

let folder: string
let path: string
let journal: typeof import('./file')

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-journal-'))
  path = join(folder, 'recovery', 'journal.ndjson')
  process.env.HOLDFAST_DATA_DIR = folder
  process.env.DATABASE_URL = 'postgres://nobody@127.0.0.1:1/none'
  process.env.NEXTAUTH_SECRET = 'a secret for tests only'
  vi.resetModules()
  journal = await import('./file')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const note = (message: string) => ({ kind: 'plan', actor: 'operator', message })
const lines = () => readFileSync(path, 'utf8').trimEnd().split('\n')

describe('the journal', () => {
  it('keeps entries in their order, however many write at once', async () => {
    await Promise.all(Array.from({ length: 30 }, (_, index) => journal.appendJournal(note(`n${index}`))))
    const { entries, brokenAt } = journal.readJournal()
    expect(brokenAt).toBeNull()
    expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1))
    expect(new Set(entries.map(({ message }) => message)).size).toBe(30)
  })

  it('says which entry was changed, left out, or put in', async () => {
    for (let index = 1; index <= 5; index++) await journal.appendJournal(note(`n${index}`))
    const whole = lines()
    const broken = (...changed: string[]) => {
      writeFileSync(path, `${changed.join('\n')}\n`)
      return journal.readJournal().brokenAt
    }
    expect(broken(...whole.map((line) => line.replace('n3', 'N3')))).toBe(3)
    expect(broken(...whole.toSpliced(1, 1))).toBe(3)
    expect(broken(...whole.toSpliced(2, 0, whole[1] as string))).toBe(2)
    expect(broken(...whole.toSpliced(3, 1, 'not JSON'))).toBe(4)
    expect(broken(...whole)).toBeNull()
  })

  it('cuts what a crash left half written, and goes on', async () => {
    await journal.appendJournal(note('first'))
    appendFileSync(path, '{"seq":2,"at":"2026-')
    expect(journal.readJournal().entries).toHaveLength(1)
    await journal.appendJournal(note('second'))
    const { entries, brokenAt } = journal.readJournal()
    expect(entries.map(({ message }) => message)).toEqual(['first', 'second'])
    expect(brokenAt).toBeNull()
  })
})
