import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { processIdentity } from '@/lib/process-identity'

export interface Holder {
  pid: number
  identity: string | null
  /** What it is held for. */
  about: string
}

/**
 * Takes a lock file for this process; a dead process's is taken over.
 *
 * @returns what gives it back, or who holds it
 */
export function takeLock(path: string, about: string): { release(): void } | { holder: Holder } {
  const mine = `${path}.${process.pid}`
  const holder = { pid: process.pid, identity: processIdentity(process.pid), about }
  writeFileSync(mine, JSON.stringify(holder), { mode: 0o600 })
  try {
    for (;;) {
      try {
        // A link is made with its content or not at all, so nobody reads a half-written lock.
        linkSync(mine, path)
        return { release: () => rmSync(path, { force: true }) }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
      const other = readHolder(path)
      if (other && isAlive(other)) return { holder: other }
      removeStale(path)
    }
  } finally {
    rmSync(mine, { force: true })
  }
}

/** The last of this process that wants each lock: they take it in their order, and need not look whether it is free. */
const lastInLine = new Map<string, Promise<unknown>>()

/** Waits for a lock that is held for moments. @throws Error after 5 s in which another process holds it */
export function withLock<Result>(path: string, about: string, work: () => Promise<Result>): Promise<Result> {
  const before = lastInLine.get(path) ?? Promise.resolve()
  const done = before.then(() => takeTurn(path, about, work))
  lastInLine.set(
    path,
    done.catch(() => {}),
  )
  return done
}

async function takeTurn<Result>(path: string, about: string, work: () => Promise<Result>): Promise<Result> {
  const deadline = Date.now() + 5_000
  for (;;) {
    const taken = takeLock(path, about)
    if ('release' in taken) return work().finally(taken.release)
    if (Date.now() > deadline) throw new Error(`process ${taken.holder.pid} holds ${path}`)
    await sleep(10)
  }
}

/** Who holds a lock; undefined if nobody that is alive does. */
export function lockHolder(path: string): Holder | undefined {
  const holder = readHolder(path)
  return holder && isAlive(holder) ? holder : undefined
}

const isAlive = ({ pid, identity }: Holder): boolean => identity !== null && processIdentity(pid) === identity

/** Takes a dead process's lock away. One that another process took meanwhile is put back. */
function removeStale(path: string): void {
  const stale = `${path}.stale.${process.pid}`
  try {
    renameSync(path, stale)
    const holder = readHolder(stale)
    if (holder && isAlive(holder)) linkSync(stale, path)
  } catch {
    // It is gone already, or there is a newer one.
  }
  rmSync(stale, { force: true })
}

function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder
  } catch {
    return undefined
  }
}
