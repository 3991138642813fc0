import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { findLeader, splitHosts } from '@/db/connect'

const EVERY_MS = 50
const PATIENCE_MS = 1_000

/** Which members took a write, and when, as someone sees it who asks all of them all the time. */
export interface Sampler {
  samples: number
  /** Samples in which more than one member took a write. */
  splits: number
  /** When a write was acknowledged, in milliseconds of the epoch. */
  writes: number[]
  stop(): Promise<void>
}

/** One connection to a member: it starts none while the write before is under way, so that one that stands still holds up no sample. */
function openProbe(server: string): { write(): Promise<boolean>; end(): void } {
  const open = () => postgres(server, { max: 1, connect_timeout: 1, onnotice: () => {}, backoff: () => 0.05 })
  let sql = open()
  let busy = false
  const end = () => void sql.end({ timeout: 0 }).catch(() => {})
  return {
    end,
    write: async () => {
      if (busy) return false
      busy = true
      const answer = await Promise.race([
        sql`insert into probed default values`.then(
          () => true,
          () => false,
        ),
        sleep(PATIENCE_MS, 'silent' as const),
      ])
      if (answer === 'silent') {
        // Its connection would stay busy for ever.
        end()
        sql = open()
      }
      busy = false
      return answer === true
    },
  }
}

/** Looks twenty times a second which members take a write, into a table `probed` that it makes. */
export async function startSampler(address: string): Promise<Sampler> {
  const made = postgres(await findLeader(address), { max: 1, onnotice: () => {} })
  await made`create table if not exists probed (at timestamptz not null default now())`
  await made.end()
  const probes = splitHosts(address).map(openProbe)
  let going = true
  const seen: Sampler = {
    samples: 0,
    splits: 0,
    writes: [],
    stop: async () => {
      going = false
      await work
    },
  }
  const look = async () => {
    let taking = 0
    const ask = async (probe: (typeof probes)[number]) => {
      if (!(await probe.write())) return
      seen.writes.push(Date.now())
      taking += 1
      if (taking === 2) seen.splits += 1
    }
    await Promise.all(probes.map(ask))
  }
  const work = (async () => {
    const looks: Promise<void>[] = []
    for (; going; await sleep(EVERY_MS)) {
      seen.samples += 1
      looks.push(look())
    }
    await Promise.all(looks)
    for (const probe of probes) probe.end()
  })()
  return seen
}

/**
 * The longest time within which nobody took a write, in milliseconds, as far as samples can tell.
 *
 * @param from the moment in whose wake it is looked for
 */
export function longestPauseMs({ writes }: Sampler, from: number): number {
  const after = writes.filter((at) => at >= from)
  return Math.max(...after.map((at, index) => at - (after[index - 1] ?? from)))
}
