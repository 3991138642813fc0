// Loopback ports for the servers and their REST API.
import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { MEMBERS, type MemberName } from './home'
import type { Ports, State } from './state'

/** Ports for every member: those of last time where still free, otherwise free ones. */
export async function findPorts(last: State['ports']): Promise<Record<MemberName, Ports>> {
  const taken = new Set<number>()
  const find = async (wanted: number | undefined): Promise<number> => {
    // Below the range that outgoing connections draw from: those could take the port while a server restarts.
    for (let port = wanted ?? randomInt(20_000, 32_000); ; port = randomInt(20_000, 32_000)) {
      if (taken.has(port) || !(await isFree(port))) continue
      taken.add(port)
      return port
    }
  }
  const found: Partial<Record<MemberName, Ports>> = {}
  for (const name of MEMBERS) {
    found[name] = { port: await find(last[name]?.port), restPort: await find(last[name]?.restPort) }
  }
  return found as Record<MemberName, Ports>
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
  })
}
