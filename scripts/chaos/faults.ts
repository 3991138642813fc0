import { setTimeout as sleep } from 'node:timers/promises'
import { atHost, type Connection, connect } from '@/db/connect'
import type { Mode } from '@/lib/recovery/failover/contract'
import { kill } from '@/scripts/ha/process'
import type { Rig } from '@/scripts/ha/rig'
import { findProcess } from '@/scripts/test/find-process'

/** The product under test, and the cluster that faults are made in. */
export interface Target {
  /** The product's data folder. */
  folder: string
  database: string
  rig: Rig
}

type Act = (target: Target, leader: string) => Promise<void> | void

/** What goes wrong around an order; each is made, ordered and mended in turn. */
export interface Fault {
  name: string
  mode: Mode
  runs: number
  /** Only where the member's agent and its PostgreSQL are apart. */
  engine?: Rig['engine']
  /** Before the plan. */
  before?: Act
  /** Right after the order was accepted. */
  during?: Act
  /** When the operation has ended. */
  after?: Act
  /** The order is given so many times at once. */
  clicks?: number
  /** Another operator has a plan, too, and orders it at the same moment. */
  twoOperators?: boolean
  /** The cluster changes after the plan was made: it is refused, and a new one ordered. */
  stale?: boolean
  /** It may fail, as long as nothing is lost and one leads after. */
  mayFail?: boolean
  /** No click may be accepted. */
  refused?: boolean
}

const killMachine: Act = ({ rig }, leader) => rig.killNode(leader)
const revive: Act = ({ rig }, leader) => rig.revive(leader)

export const faults: Fault[] = [
  { name: 'nothing', mode: 'switchover', runs: 6 },
  { name: 'three clicks at once', mode: 'switchover', runs: 3, clicks: 3 },
  { name: 'two operators at once', mode: 'switchover', runs: 3, twoOperators: true },
  { name: 'the web server dies in the midst', mode: 'switchover', runs: 3, during: killWeb },
  { name: 'with a stale plan, then a new one', mode: 'switchover', runs: 2, stale: true },
  {
    name: 'the standbys’ replay is paused, and they lag',
    mode: 'switchover',
    runs: 2,
    before: pauseReplay,
    after: resumeReplay,
    mayFail: true,
  },
  {
    name: 'the leader’s postmaster is killed in the midst',
    mode: 'switchover',
    runs: 2,
    during: killPostmaster,
    mayFail: true,
  },
  { name: 'the leader’s machine is gone', mode: 'failover', runs: 5, before: killMachine, after: revive },
  {
    name: 'the same, three clicks at once',
    mode: 'failover',
    runs: 3,
    before: killMachine,
    after: revive,
    clicks: 3,
  },
  {
    name: 'the leader stands still, and goes on later',
    mode: 'failover',
    runs: 5,
    before: ({ rig }, leader) => rig.freezeNode(leader),
    after: async ({ rig }, leader) => {
      await rig.thawNode(leader)
      await rig.revive(leader)
    },
  },
  {
    name: 'the leader’s data folder is gone',
    mode: 'failover',
    runs: 3,
    before: async ({ rig }, leader) => {
      await rig.killNode(leader)
      await rig.loseFolder(leader)
    },
    after: revive,
  },
  {
    name: 'its machine is gone, and the web server dies in the midst',
    mode: 'failover',
    runs: 3,
    before: killMachine,
    during: killWeb,
    after: revive,
  },
  {
    name: 'its agent is killed alone, PostgreSQL goes on',
    mode: 'failover',
    engine: 'patroni',
    runs: 2,
    before: ({ rig }, leader) => rig.signalAgent?.(leader, 'SIGKILL'),
    after: revive,
    mayFail: true,
  },
  {
    name: 'its agent stands still alone, PostgreSQL goes on',
    mode: 'failover',
    engine: 'patroni',
    runs: 2,
    before: ({ rig }, leader) => rig.signalAgent?.(leader, 'SIGSTOP'),
    after: ({ rig }, leader) => rig.signalAgent?.(leader, 'SIGCONT'),
    mayFail: true,
  },
  {
    name: 'etcd has no majority',
    mode: 'failover',
    engine: 'patroni',
    runs: 1,
    before: async ({ rig }) => {
      await rig.loseMajority?.()
      // The leader's time to live in the store, after which everyone knows.
      await sleep(25_000)
    },
    after: ({ rig }) => rig.restoreMajority?.(),
    refused: true,
  },
]

/** Two seconds of records are received and not replayed. */
async function pauseReplay(target: Target): Promise<void> {
  await onStandbys(target, (sql) => sql`select pg_wal_replay_pause()`)
  await sleep(2_000)
}

async function resumeReplay(target: Target): Promise<void> {
  await onStandbys(target, (sql) => sql`select pg_wal_replay_resume()`)
}

async function onStandbys(
  { rig, database }: Target,
  ask: (sql: Connection['sql']) => Promise<unknown>,
): Promise<void> {
  for (const { host, port } of rig.members) {
    const { sql, close } = connect(atHost(rig.address(database), `${host}:${port}`), { max: 1 })
    // The leader has no replay, and says so.
    await ask(sql).catch(() => {})
    await close()
  }
}

async function killPostmaster({ rig }: Target, leader: string): Promise<void> {
  await sleep(Math.random() * 500)
  await rig.killPostmaster(leader)
}

/** Some time after the order: sometimes before the engine is asked, sometimes after. */
async function killWeb({ folder }: Target): Promise<void> {
  await sleep(Math.random() * 800)
  const pid = findProcess(folder, 'scripts/web.ts')
  if (pid !== undefined) kill(pid, 'SIGKILL')
}
