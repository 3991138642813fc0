// What belongs to each member while the cluster runs: its server, its facts, and our connections to it.
import { FactSource } from './facts'
import { CLUSTER, type MemberName } from './home'
import type { MemberView } from './patroni'
import type { Prepared } from './prepare'
import { Server } from './server'
import { type Address, Session } from './session'

export interface Member extends MemberView {
  /** For questions behind the REST API, and for our own steps: apart, so that neither waits for the other. */
  control: Session
  slow: Session
  probe: Session
}

/** Both members of a cluster that is prepared; nothing is started yet. */
export function makeMembers(
  { home, binaries, runAs, ports, secrets, state }: Prepared,
  log: (line: string) => void,
): Record<MemberName, Member> {
  const make = (name: MemberName): Member => {
    const address: Address = { port: ports[name].port, user: CLUSTER, password: secrets.password }
    const probe = new Session(address)
    return {
      server: new Server(home, name, binaries.postgres, runAs, probe, log, () => state.current.paused),
      facts: new FactSource(probe),
      ports: ports[name],
      control: new Session(address),
      slow: new Session(address),
      probe,
    }
  }
  return { a: make('a'), b: make('b') }
}
