import { existsSync, readFileSync } from 'node:fs'
import { APPLICATION } from './application'
import { CLUSTER, type Home, MEMBERS, openHome } from './home'
import type { Secrets, State } from './state'

/**
 * The address of a cluster that another process started, naming every member.
 *
 * @throws Error if there is none in this folder
 */
export function addressOfRunning(dataDir: string): string {
  const home = openHome(dataDir)
  if (!existsSync(home.state)) throw new Error(`There is no cluster in ${dataDir}.`)
  const { ports } = read<State>(home, 'state')
  const { applicationPassword } = read<Secrets>(home, 'secrets')
  const hosts = MEMBERS.flatMap((name) => ports[name]?.port ?? []).map((port) => `127.0.0.1:${port}`)
  return `postgres://${APPLICATION}:${encodeURIComponent(applicationPassword)}@${hosts.join(',')}/${CLUSTER}`
}

/** `user:password` for the orders of its REST API. */
export const restAuthOf = (dataDir: string): string =>
  `holdfast:${read<Secrets>(openHome(dataDir), 'secrets').restPassword}`

const read = <T>(home: Home, file: 'state' | 'secrets'): T =>
  JSON.parse(readFileSync(home[file], 'utf8')) as T
