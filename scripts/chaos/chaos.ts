import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { findLeader } from '@/db/connect'
import type { Target } from '@/scripts/chaos/faults'
import { makeApplication } from '@/scripts/ha/application'
import type { Rig } from '@/scripts/ha/rig'
import { type Sampler, startSampler } from '@/scripts/ha/sampler'
import { readCredentials } from '@/scripts/start/credentials'
import { type Clients, startClients } from '@/scripts/test/clients'
import { Session } from '@/scripts/test/session'
import { startProduct } from '@/scripts/test/start-product'

const DATABASE = 'chaos'

/** The product over a cluster that faults are made in: clients that record, two operators, and someone who watches. */
export interface Chaos extends Target {
  operators: [Session, Session]
  clients: Clients
  sampler: Sampler
  /** Ids of what the clients recorded, as they are stored, by how often. */
  stored(): Promise<Map<string, number>>
  /** Keeps what the product printed, for the one who looks into a failure. @returns the file */
  keepLog(): string
  stop(): Promise<void>
}

/** Starts all of it: 500 records a second by 8 clients. */
export async function startChaos(makeRig: () => Promise<Rig>): Promise<Chaos> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-chaos-'))
  const rig = await makeRig()
  const address = await makeApplication(rig, DATABASE)
  const env = {
    DATABASE_URL: address,
    HOLDFAST_MEMBERS: JSON.stringify(rig.members),
    HOLDFAST_ENGINE_AUTH: rig.auth,
  }
  const product = await startProduct(folder, env, ['--no-demo'])
  const credentials = readCredentials(folder)
  if (!credentials) throw new Error('the product wrote no credentials')
  const name = `chaos-${randomUUID()}`
  const load = { clients: 8, records: 5, everyMs: 80 }
  const sampler = await startSampler(address)
  const clients = startClients(credentials.url, credentials.project.writeKey, name, load)
  return {
    folder,
    database: DATABASE,
    rig,
    operators: [await Session.signIn(credentials, 'operator'), await Session.signIn(credentials, 'admin')],
    clients,
    sampler,
    stored: async () => {
      const sql = postgres(await findLeader(address), { max: 1, onnotice: () => {} })
      try {
        const rows = await sql<{ id: string; count: number }[]>`
          select id::text, count(*)::int from user_events where name = ${name} group by id`
        return new Map(rows.map(({ id, count }) => [id, count]))
      } finally {
        await sql.end()
      }
    },
    keepLog: () => {
      mkdirSync('test-results', { recursive: true })
      const log = join('test-results', `chaos-${rig.engine}.log`)
      writeFileSync(log, product.output())
      return log
    },
    stop: async () => {
      await clients.stop()
      await sampler.stop()
      await product.stop()
      await rig.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
