import { setTimeout as sleep } from 'node:timers/promises'
import { connect, findLeader, splitHosts } from '@/db/connect'
import { addressOfRunning } from '@/scripts/cluster/running'

export interface HeldTable {
  /** How many reads wait for it, on whatever member. */
  waiting(): Promise<number>
  release(): Promise<void>
}

/** Keeps a table of a running product from being read, so that a question about it goes on until it is released. */
export async function holdTable(dataDir: string, table: string): Promise<HeldTable> {
  const address = addressOfRunning(dataDir)
  const leading = await findLeader(address)
  const [holder, leader] = [connect(leading, { max: 1 }), connect(leading, { max: 1 })]
  const members = splitHosts(address).map((one) => connect(one, { max: 1 }))
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  let lock = () => {}
  const locked = new Promise<void>((resolve) => {
    lock = resolve
  })
  const holding = holder.sql.begin(async (tx) => {
    await tx`lock table ${tx(table)} in access exclusive mode`
    lock()
    await released
  })
  await Promise.race([locked, holding])
  // Standbys hold it, too, once they have what logs it, which a leader at rest may send with its next commit alone.
  for (const { sql } of members) {
    const isHeld = async () => {
      await leader.sql`select pg_logical_emit_message(true, 'test', 'a commit')`
      const found = await sql`
        select from pg_locks where relation = ${table}::regclass and mode = 'AccessExclusiveLock' and granted`
      return found.length > 0
    }
    while (!(await isHeld())) await sleep(20)
  }
  return {
    waiting: async () => {
      const counts = await Promise.all(
        members.map(async ({ sql }) => {
          const [row] = await sql`
            select count(*)::int as count from pg_stat_activity
            where application_name = 'holdfast reads' and state = 'active' and wait_event_type = 'Lock'`
          return row?.count as number
        }),
      )
      return counts.reduce((total, count) => total + count, 0)
    },
    release: async () => {
      release()
      await holding
      await Promise.all([holder, leader, ...members].map(({ close }) => close()))
    },
  }
}
