import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import postgres from 'postgres'
import { connect, findLeader, splitHosts } from '@/db/connect'
import type { Operation } from '@/lib/recovery/operations/contract'
import { type Fault, faults, type Target } from '@/scripts/chaos/faults'
import { type Load, startLoad } from '@/scripts/chaos/load'
import { Session } from '@/scripts/chaos/session'
import { localRig } from '@/scripts/ha/local-rig'
import { patroniRig } from '@/scripts/ha/rig'
import { readCredentials } from '@/scripts/start/credentials'
import { keepSection } from '@/scripts/test/measured-page'
import { startProduct } from '@/scripts/test/start-product'

/**
 * `npm run test:chaos`, or with `-- --engine patroni`: the product over a cluster of its own, 500 records a second from HTTP
 * clients, and the leader moved 20 times by a switchover and 20 times by a failover, with each fault. Passes when every record
 * that was acknowledged is there, once, no second member ever took a write, and every refused click said why. Ends with a
 * table of what it cost.
 */

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'local' },
    rate: { type: 'string', default: '500' },
    only: { type: 'string' },
    runs: { type: 'string' },
  },
})
const WHOLE_MS = 120_000
const FAILOVER = '/api/disaster-recovery/replication/failover'
const DATABASE = 'chaos'

interface Run {
  fault: Fault
  /** None where every click was to be refused. */
  operation: Operation | null
  slowestMs: number
  refused: string[]
}

const folder = mkdtempSync(join(tmpdir(), 'holdfast-chaos-'))
const rig = await (values.engine === 'patroni' ? patroniRig() : localRig())
const target: Target = { folder, database: DATABASE, rig }
const address = rig.address(DATABASE)
await makeDatabase()
const product = await startProduct(
  folder,
  {
    DATABASE_URL: address,
    HOLDFAST_MEMBERS: JSON.stringify(rig.members),
    HOLDFAST_ENGINE_AUTH: rig.auth,
  },
  ['--no-demo'],
)
const credentials = readCredentials(folder)
if (!credentials) throw new Error('the product wrote no credentials')
const operators = [
  await Session.signIn(credentials, 'operator'),
  await Session.signIn(credentials, 'admin'),
] as const
const name = `chaos-${randomUUID()}`
const runs: Run[] = []
const wrong: string[] = []
const sampler = await startSampler()
const load = startLoad(credentials.url, credentials.project.writeKey, name, Number(values.rate))
try {
  for (const fault of faults) {
    if (values.only !== undefined && !fault.name.includes(values.only)) continue
    if (fault.engine !== undefined && fault.engine !== rig.engine) continue
    for (let run = 0; run < Number(values.runs ?? fault.runs); run++) {
      const done = await tryFault(fault, load)
      runs.push(done)
      tell(done)
    }
  }
  await load.stop()
  await untilWhole()
  await checkRecords()
} finally {
  await load.stop()
  await sampler.stop()
  await product.stop()
  await rig.stop()
  rmSync(folder, { recursive: true, force: true })
}
report()

async function makeDatabase(): Promise<void> {
  const admin = connect(await findLeader(rig.address('postgres')), { max: 1 })
  await admin.sql.unsafe(`create database ${DATABASE}`)
  await admin.close()
}

function tell({ fault, operation, slowestMs, refused }: Run): void {
  if (!operation) {
    console.log(`${fault.mode}, ${fault.name}: refused: ${refused.join('; ')}`)
    return
  }
  const { state, message, rtoSeconds, lostBytes, steps } = operation
  const took = steps.map(
    ({ name, startedAt, endedAt }) => `${name} ${Date.parse(endedAt ?? '') - Date.parse(startedAt ?? '')}`,
  )
  if (!fault.mayFail && (state !== 'succeeded' || lostBytes !== 0))
    wrong.push(`${fault.mode}, ${fault.name}: ${message}, lost ${lostBytes}`)
  console.log(
    `${fault.mode}, ${fault.name}: ${state}, RTO ${rtoSeconds} s, slowest answer ${slowestMs} ms; ms: ${took.join(', ')}${state === 'failed' ? `; ${message}` : ''}`,
  )
}

async function tryFault(fault: Fault, running: Load): Promise<Run> {
  const leader = await untilWhole()
  await fault.before?.(target, leader)
  const plans = await Promise.all(
    operators
      .slice(0, fault.twoOperators ? 2 : 1)
      .map((one) => one.request('POST', FAILOVER, { dryRun: true, mode: fault.mode })),
  )
  const stale = fault.stale ? [await orderStale(fault)] : []
  running.mark()
  const orders = plans.flatMap(({ body }, index) =>
    Array.from({ length: fault.clicks ?? 1 }, () => orderPlan(operators[index], fault, body)),
  )
  const answers = [...stale, ...(await Promise.all(orders))]
  await fault.during?.(target, leader)
  const accepted = answers.filter((answer) => answer?.status === 202)
  const expected = fault.refused ? 0 : 1
  const refused = answers.flatMap((answer) =>
    answer && answer.status !== 202 ? [String(answer.body.detail)] : [],
  )
  if (accepted.length !== expected)
    wrong.push(
      `${fault.name}: ${accepted.length} of ${answers.length} clicks were accepted: ${refused.join('; ')}`,
    )
  if (refused.some((detail) => detail.length < 10)) wrong.push(`${fault.name}: a refusal without a reason`)
  const operation = accepted[0] ? await untilEnded(String(accepted[0].body.operationId)) : null
  await fault.after?.(target, leader)
  await untilWhole()
  return { fault, operation, slowestMs: running.slowestMs, refused }
}

function orderPlan(operator: Session | undefined, fault: Fault, plan: Record<string, unknown>) {
  return operator?.request('POST', FAILOVER, {
    planId: plan.planId,
    mode: fault.mode,
    candidate: plan.candidate ?? 'nobody',
    reason: `chaos: ${fault.name}`,
    confirm: plan.cluster,
    acceptLossBytes: 0,
    password: operator.password,
  })
}

async function pause(paused: boolean): Promise<void> {
  const path = '/api/disaster-recovery/replication/pause'
  const order = { paused, reason: 'chaos', confirm: 'holdfast', password: operators[0].password }
  const { status, body } = await operators[0].request('POST', path, order)
  if (status !== 200) wrong.push(`paused ${paused}: ${body.detail}`)
  // Every agent has to know of it.
  await sleep(3_000)
}

/** A plan that the cluster has changed since: while the engine is paused it is another. */
async function orderStale(fault: Fault) {
  const { body } = await operators[0].request('POST', FAILOVER, { dryRun: true, mode: fault.mode })
  await pause(true)
  const answer = await orderPlan(operators[0], fault, body)
  await pause(false)
  return answer
}

async function untilEnded(id: string): Promise<Operation> {
  for (const deadline = Date.now() + 120_000; Date.now() < deadline; await sleep(100)) {
    const answer = await operators[0]
      .request('GET', `/api/disaster-recovery/operations/${id}`)
      .catch(() => undefined)
    const operation = answer?.status === 200 ? (answer.body as unknown as Operation) : undefined
    if (operation && operation.state !== 'running') return operation
  }
  throw new Error(`operation ${id} did not end`)
}

/** Until one leads and commits wait for the other. @returns the leader */
async function untilWhole(): Promise<string> {
  for (const deadline = Date.now() + WHOLE_MS; Date.now() < deadline; await sleep(200)) {
    const answer = await operators[0]
      .request('GET', '/api/disaster-recovery/replication/status')
      .catch(() => undefined)
    const body = answer?.body as
      | { status?: string; cluster?: { leader: string; synchronous: boolean } }
      | undefined
    if (body?.status === 'pass' && body.cluster?.synchronous) return body.cluster.leader
  }
  throw new Error(`the cluster was not whole within ${WHOLE_MS / 1000} s`)
}

/** Looks every 200 ms which members take a write. */
async function startSampler(): Promise<{ samples: number; splits: number; stop(): Promise<void> }> {
  const made = postgres(await findLeader(address), { max: 1, onnotice: () => {} })
  await made`create table chaos_probe (at timestamptz not null default now())`
  await made.end()
  const open = (server: string) =>
    postgres(server, { max: 1, connect_timeout: 1, onnotice: () => {}, backoff: () => 0.05 })
  const servers = splitHosts(address)
  const clients = servers.map(open)
  let going = true
  const seen = { samples: 0, splits: 0, stop: async () => {} }
  const probe = async (index: number) => {
    const client = clients[index] as postgres.Sql
    const answer = await Promise.race([
      client`insert into chaos_probe default values`.then(
        () => true,
        () => false,
      ),
      sleep(1_000, undefined),
    ])
    if (answer === undefined) {
      // It stands still: its connection would stay busy for ever.
      void client.end({ timeout: 0 }).catch(() => {})
      clients[index] = open(servers[index] as string)
    }
    return answer === true
  }
  const work = (async () => {
    for (; going; await sleep(200)) {
      const taking = await Promise.all(servers.map((_, index) => probe(index)))
      seen.samples += 1
      if (taking.filter(Boolean).length > 1) seen.splits += 1
    }
  })()
  seen.stop = async () => {
    going = false
    await work
    await Promise.all(clients.map((client) => client.end({ timeout: 0 })))
  }
  return seen
}

/** Every record that was acknowledged is there once; what waits in the spool is given time. */
async function checkRecords(): Promise<void> {
  const sql = postgres(await findLeader(address), { max: 1, onnotice: () => {} })
  try {
    for (const deadline = Date.now() + 30_000; ; await sleep(500)) {
      const rows = await sql<{ id: string; count: number }[]>`
        select id::text, count(*)::int from user_events where name = ${name} group by id`
      const twice = rows.filter(({ count }) => count > 1).length
      const there = new Set(rows.map(({ id }) => id))
      const missing = [...load.acknowledged].filter((id) => !there.has(id)).length
      if (missing > 0 && Date.now() < deadline) continue
      if (missing > 0) wrong.push(`${missing} acknowledged records are missing`)
      if (twice > 0) wrong.push(`${twice} records are there more than once`)
      return
    }
  } finally {
    await sql.end()
  }
}

function report(): void {
  if (sampler.splits > 0) wrong.push(`${sampler.splits} samples in which two members took a write`)
  const of = (fault: Fault) =>
    runs.flatMap(({ fault: one, operation, slowestMs }) =>
      one === fault && operation ? [{ operation, slowestMs }] : [],
    )
  const most = (numbers: (number | null)[]) => Math.max(...numbers.map((number) => number ?? Number.NaN))
  const table = [
    '| | fault | runs | succeeded | RTO, s: median · longest | nobody could write, s: longest | slowest answer, s | lost |',
    '|---|---|---|---|---|---|---|---|',
  ]
  for (const fault of faults.filter((one) => of(one).length > 0)) {
    const rto = of(fault)
      .flatMap(({ operation }) => operation.rtoSeconds ?? [])
      .sort((a, b) => a - b)
    const middle = rto[Math.floor(rto.length / 2)]?.toFixed(2) ?? '–'
    const pause = most(of(fault).map(({ operation }) => operation.pauseSeconds))
    const slowest = most(of(fault).map(({ slowestMs }) => slowestMs)) / 1000
    const lost = of(fault).reduce(
      (sum, { operation }) => sum + (operation.lostBytes ?? (fault.mayFail ? 0 : Number.NaN)),
      0,
    )
    table.push(
      `| ${fault.mode} | ${fault.name} | ${of(fault).length} | ${rto.length} | ${middle} · ${rto.at(-1)?.toFixed(2) ?? '–'} | ${Number.isNaN(pause) ? '–' : pause.toFixed(2)} | ${slowest.toFixed(2)} | ${lost} |`,
    )
  }
  const statuses = [...load.statuses].map(([status, count]) => `${count} × ${status}`).join(', ')
  const told = [
    ...table,
    '',
    `${load.acknowledged.size} records acknowledged (${statuses}; ${load.skipped} not sent), ${sampler.samples} samples, ${runs.flatMap(({ refused }) => refused).length} clicks refused.`,
    ...wrong.map((line) => `WRONG: ${line}`),
  ]
  console.log(`\n${told.join('\n')}`)
  if (values.only === undefined) keepSection(`npm run test:chaos, ${rig.engine}`, told)
  if (wrong.length > 0) {
    const log = join(tmpdir(), 'holdfast-chaos.log')
    writeFileSync(log, product.output())
    console.log(`What the product printed is in ${log}.`)
  }
  console.log(`${runs.length - Math.min(wrong.length, runs.length)} passed, ${wrong.length} failed`)
  process.exit(wrong.length > 0 ? 1 : 0)
}
