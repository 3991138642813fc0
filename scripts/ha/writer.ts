import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { splitHosts } from '@/db/connect'
import { startSampler } from './sampler'

/** What clients wrote, and what they were told of it. */
export interface Written {
  /** Ids whose commit was acknowledged. */
  acknowledged: string[]
  /** The longest time between two acknowledged writes, in milliseconds. */
  longestPauseMs: number
  /** Samples at which more than one member took writes. */
  splits: number
}

/**
 * Clients that write one row after another into whichever member takes it, and, apart, a look at how many take writes. `stop`
 * ends them and says what they saw.
 */
export async function startWriters(address: string, count = 4): Promise<{ stop(): Promise<Written> }> {
  const servers = splitHosts(address)
  const open = (server: string) =>
    postgres(server, { max: 1, connect_timeout: 1, idle_timeout: 1, onnotice: () => {}, backoff: () => 0.05 })
  let stopping = false
  let lastAt = Date.now()
  const seen = { acknowledged: [] as string[], longestPauseMs: 0 }
  const sampler = await startSampler(address)

  const write = async () => {
    let at = 0
    let sql = open(servers[at] as string)
    while (!stopping) {
      const id = randomUUID()
      const answer = await Promise.race([
        sql`insert into written (id) values (${id})`.then(
          () => 'stored' as const,
          () => 'failed' as const,
        ),
        sleep(1_500, 'silent' as const),
      ])
      if (answer === 'stored') {
        const now = Date.now()
        seen.longestPauseMs = Math.max(seen.longestPauseMs, now - lastAt)
        lastAt = now
        seen.acknowledged.push(id)
        await sleep(5)
      } else {
        void sql.end({ timeout: 0 }).catch(() => {})
        at = (at + 1) % servers.length
        sql = open(servers[at] as string)
        await sleep(10)
      }
    }
    void sql.end({ timeout: 0 }).catch(() => {})
  }

  const work = Promise.all(Array.from({ length: count }, write))
  return {
    stop: async () => {
      stopping = true
      await Promise.all([work, sampler.stop()])
      return { ...seen, splits: sampler.splits }
    },
  }
}

/** Acknowledged ids that are not there, or there more than once. */
export async function findLost(leader: string, acknowledged: string[]): Promise<string[]> {
  const sql = postgres(leader, { max: 1, onnotice: () => {} })
  const rows = await sql<
    { id: string; count: number }[]
  >`select id::text, count(*)::int from written group by id`
  await sql.end()
  const counts = new Map(rows.map(({ id, count }) => [id, count]))
  return acknowledged.filter((id) => counts.get(id) !== 1)
}
