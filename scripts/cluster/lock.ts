// One supervisor for one data folder.
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { processIdentity } from '@/lib/process-identity'
import type { Home } from './home'

interface Holder {
  pid: number
  identity: string | null
  stopping: boolean
}

export interface Lock {
  /** Tells a start that comes now to wait for our end instead of giving up. */
  announceStop(): void
  release(): void
}

/**
 * Takes the lock of the folder for this process. A lock of a dead process is taken over; one of a process
 * that is stopping is waited for, up to 25 s. Throws `… is already in use by process N`.
 */
export async function takeLock(home: Home): Promise<Lock> {
  const mine = `${home.lock}.${process.pid}`
  const write = (stopping: boolean) => {
    const holder: Holder = { pid: process.pid, identity: processIdentity(process.pid), stopping }
    writeFileSync(mine, JSON.stringify(holder))
  }
  const deadline = Date.now() + 25_000
  for (;;) {
    write(false)
    try {
      // A link is made with its content or not at all, so nobody reads a half-written lock.
      linkSync(mine, home.lock)
      rmSync(mine)
      break
    } catch (error) {
      rmSync(mine, { force: true })
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const holder = readHolder(home.lock)
    if (holder?.identity && processIdentity(holder.pid) === holder.identity) {
      if (!holder.stopping || Date.now() > deadline) {
        throw new Error(`The data folder ${home.root} is already in use by process ${holder.pid}.`)
      }
      await sleep(100)
    } else {
      // Of two that find the same dead lock, one rename wins; the other just tries again.
      const stale = `${home.lock}.stale.${process.pid}`
      try {
        renameSync(home.lock, stale)
      } catch {}
      rmSync(stale, { force: true })
    }
  }
  return {
    announceStop() {
      try {
        write(true)
        renameSync(mine, home.lock)
      } catch {
        // On a full disk: the stop must go on; a start meanwhile is refused instead of waiting.
        rmSync(mine, { force: true })
      }
    },
    release() {
      if (readHolder(home.lock)?.pid === process.pid) rmSync(home.lock, { force: true })
    },
  }
}

function readHolder(path: string): Holder | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder
  } catch {
    return null
  }
}
