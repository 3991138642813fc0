import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { connect, findLeader } from '@/db/connect'
import type { Task } from '@/lib/recovery/tasks/contract'
import { eventBody } from '@/scripts/bench/events'
import { requestRate } from '@/scripts/bench/load'
import { median } from '@/scripts/bench/median'
import { generate } from '@/scripts/bench/query/generate'
import { loadPostgres } from '@/scripts/bench/query/load'
import { addressOfRunning } from '@/scripts/cluster/running'
import { readCredentials } from '@/scripts/start/credentials'
import { Session } from '@/scripts/test/session'
import { startProduct } from '@/scripts/test/start-product'

/**
 * `npm run bench:backup -- --events 10000000`: what a backup costs ingest, and how long it and a restore take, on the product
 * as it is started. The baseline of ingest is that before and after the backup, the one of the copy is `cp` of the same
 * files to the same disk. A drill restores everything at the end and counts it.
 */

const SECONDS = 5
const CONNECTIONS = 64
const ROUNDS = 3
const PATH = '/api/analytics/user/events/track'
const RECOVERY = '/api/disaster-recovery'

const { values } = parseArgs({ options: { events: { type: 'string', default: '1000000' } } })
const dataDir = mkdtempSync(join(tmpdir(), 'holdfast-bench-'))
const second = `${dataDir}-second`
mkdirSync(second)
const product = await startProduct(dataDir, { BACKUP_SECONDARY_STORAGE: second }, ['--no-demo'])
const credentials = readCredentials(dataDir)
if (!credentials) throw new Error('npm start wrote no credentials.json')
const { project } = credentials
const target = { url: `http://127.0.0.1:${product.port}`, key: project.secretKey }
const operator = await Session.signIn(credentials, 'operator')
const connection = connect(await findLeader(addressOfRunning(dataDir)), { max: 3 })

try {
  await untilNothingRuns()
  const records = generate(dataDir, project.id, Number(values.events))
  const begun = performance.now()
  // What is measured is not how long rollups of so much take: they wait, and pass over it.
  await connection.sql.begin(async (held) => {
    await held`select from rollup_progress for update`
    await loadPostgres(connection, dataDir)
    // Not its own transaction: that is older than the records.
    await held`update rollup_progress set next_transaction = pg_snapshot_xmax(pg_current_snapshot())`
  })
  console.log(`loaded in ${since(begun)} s:`, records)

  // What was loaded goes to the disk once: the wait for that is not the backup's, either.
  await carryOut('/backups', { kind: 'full' })

  const before = await rates(() => Promise.resolve(false))
  let ended: Task | undefined
  const backup = carryOut('/backups', { kind: 'full' }).then((task) => {
    ended = task
  })
  const during = await rates(async () => ended === undefined)
  await backup
  const after = await rates(() => Promise.resolve(false))
  const slow = median(during) / median([...before, ...after])
  console.log(
    `ingest during a backup: ${Math.round(median(during))} of ${Math.round(median([...before, ...after]))} requests/s, ${slow.toFixed(2)} (bound 0.8)`,
  )
  describe(ended as unknown as Task)

  const quiet = await carryOut('/backups', { kind: 'full' })
  describe(quiet)
  const copied = plainCopy()
  const took = secondsOf(quiet, 'copy')
  console.log(
    `backup of the same files: ${took.toFixed(1)} s, cp ${copied.toFixed(1)} s, ratio ${(took / copied).toFixed(2)}`,
  )
  for (const repository of [1, 2]) describe(await carryOut('/backups/drill', { repository }))
} finally {
  await connection.close()
  await product.stop()
  for (const folder of [dataDir, second]) rmSync(folder, { recursive: true, force: true })
}

/** Rounds of ingest: some at the least, and as long as something goes on. */
async function rates(goesOn: () => Promise<boolean>): Promise<number[]> {
  const measured: number[] = []
  for (let round = 0; round < ROUNDS || (await goesOn()); round++)
    measured.push(await requestRate(target, PATH, eventBody, CONNECTIONS, SECONDS))
  return measured
}

async function carryOut(path: string, order: object): Promise<Task> {
  const { status, body } = await operator.request('POST', `${RECOVERY}${path}`, order)
  if (status !== 202) throw new Error(`${path}: ${status} ${body.detail}`)
  for (;;) {
    const task = (await readTasks()).find(({ id }) => id === body.taskId)
    if (task && task.state !== 'running') return task
    await sleep(100)
  }
}

/** None, where the answer takes too long: it is asked for again. */
async function readTasks(): Promise<Task[]> {
  const answer = await operator.request('GET', `${RECOVERY}/backups`).catch(() => null)
  return (answer?.body.tasks as Task[] | undefined) ?? []
}

async function untilNothingRuns(): Promise<void> {
  for (let tasks: Task[] = []; tasks.length === 0 || tasks.some(({ state }) => state === 'running'); ) {
    await sleep(1_000)
    tasks = await readTasks()
  }
}

function plainCopy(): number {
  const to = `${dataDir}-copy`
  const begun = performance.now()
  execFileSync('cp', ['-r', join(dataDir, 'cluster', 'b'), to])
  execFileSync('sync', ['--file-system', to])
  const took = (performance.now() - begun) / 1_000
  rmSync(to, { recursive: true, force: true })
  return took
}

function describe(task: Task): void {
  console.log(`${task.kind} ${task.state}: ${task.message}`)
  for (const { name, detail } of task.steps)
    console.log(`  ${name.padEnd(10)} ${secondsOf(task, name).toFixed(1).padStart(7)} s  ${detail}`)
}

function secondsOf({ steps }: Task, name: string): number {
  const step = steps.find((one) => one.name === name)
  return step?.startedAt && step.endedAt
    ? (Date.parse(step.endedAt) - Date.parse(step.startedAt)) / 1_000
    : Number.NaN
}

function since(begun: number): string {
  return ((performance.now() - begun) / 1_000).toFixed(0)
}
