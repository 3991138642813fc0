// What a start waits for.
import { setTimeout as sleep } from 'node:timers/promises'
import { explain, lastLog } from './failures'
import type { Home, MemberName } from './home'
import type { Member } from './members'

const startsAllowed = 5
const standbyWaitMs = 60_000

/** Until a server takes connections. Crash recovery may take long, so only one that does not stay up ends the waiting. */
export async function untilRunning({ server }: Member, home: Home, halt: AbortSignal): Promise<void> {
  while (server.state !== 'running') {
    halt.throwIfAborted()
    if (server.failures >= startsAllowed) {
      const output = `${server.output}\n${lastLog(home, server.name)}`
      throw new Error(explain('PostgreSQL does not start', output, home.root))
    }
    await sleep(25)
  }
}

/** Whether the standby streams within a minute. @param refuse is asked meanwhile, and throws where it never will */
export async function streamsInTime(
  { facts }: Member,
  standby: MemberName,
  halt: AbortSignal,
  refuse: () => void,
): Promise<boolean> {
  for (const deadline = Date.now() + standbyWaitMs; Date.now() < deadline; await sleep(50)) {
    halt.throwIfAborted()
    const row = (await facts.now())?.replication.find((one) => one.application_name === standby)
    if (row?.state === 'streaming') return true
    refuse()
  }
  return false
}
