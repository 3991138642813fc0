import { setTimeout as sleep } from 'node:timers/promises'
import type { Db } from '@/db/connect'
import { hasReplayed, readFlushed } from '@/db/queries/recovery/positions'
import type { Server } from '@/lib/database/server'
import { inTime } from '@/lib/in-time'

/** How long a read waits for a standby to catch up, in milliseconds: about as long as asking the leader instead takes. */
const CATCH_UP_MS = 40
const STEP_MS = 5
/** A standby that does not answer by then is not asked, in milliseconds. */
const ANSWER_MS = 250

/**
 * A standby that has replayed everything which the leader had on disk when this was called, and so everything that it had
 * acknowledged; none, if none is that far in time.
 */
export async function findFresh(leader: Db, standbys: Server[]): Promise<Server | undefined> {
  const flushed = await readFlushed(leader)
  const asked = standbys.map(async (server) => {
    if (!(await catchesUp(server, flushed))) throw new Error('not fresh')
    return server
  })
  return Promise.any(asked).catch(() => undefined)
}

async function catchesUp(server: Server, flushed: Awaited<ReturnType<typeof readFlushed>>): Promise<boolean> {
  const begun = Date.now()
  do {
    const answer = await inTime(ANSWER_MS, () => hasReplayed(server.web.db, flushed))
    if (answer !== 'behind') return answer === 'fresh'
    await sleep(STEP_MS)
  } while (Date.now() - begun < CATCH_UP_MS)
  return false
}
