import { type Connection, connect, type Db } from '@/db/connect'
import { env } from '@/lib/env'
import { log } from '@/lib/log'
import { singleton } from '@/lib/singleton'

const counters = singleton('database.counters', () => ({ unreplicated: 0 }))

const open = (name: string, max: number): Connection =>
  singleton(`database.${name}`, () =>
    connect(env().DATABASE_URL, {
      name: `holdfast ${name}`,
      max,
      onWarning: (message) => {
        if (message.startsWith('canceling wait for synchronous replication')) counters.unreplicated += 1
        log('warn', 'PostgreSQL warns', { message })
      },
    }),
  )

/** The leader: everything that is not ingest reads and writes here. */
export const leader = (): Db => open('web', 10).db

/** The leader again, over connections that only ingest uses, so that slow reads never stand in its way. */
export const ingest = (): Db => open('ingest', 2).db

/**
 * How many commits were answered although their wait for the synchronous standby was cancelled. PostgreSQL only warns
 * of it, but such a commit must not be acknowledged.
 */
export const unreplicatedCommits = (): number => counters.unreplicated
