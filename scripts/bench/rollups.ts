import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { connect, findLeader } from '@/db/connect'
import { analyticsTables } from '@/db/schema'
import { makeRecord } from '@/scripts/bench/events'
import { postBatches } from '@/scripts/bench/load'
import { median } from '@/scripts/bench/median'
import { addressOf, startCluster } from '@/scripts/cluster'
import { startProduct } from '@/scripts/test/start-product'

/**
 * `npm run bench:rollups`: whether rollups keep up with 5,000 records/s, and what they cost ingest, on the product as it is
 * started. Rounds with and without rollups take turns; without them their mark is locked, so that the worker passes.
 */

const PER_SECOND = 5_000
const SECONDS = 20
const ROUNDS = 4
const ROWS = 40_000
const BATCH = 1_000
const stages = ['view', 'cart', 'address', 'payment']

const dataDir = mkdtempSync(join(tmpdir(), 'holdfast-bench-'))
const cluster = await startCluster({ dataDir })
const address = addressOf(cluster)
const product = await startProduct(dataDir, { DATABASE_URL: address }, ['--no-demo'])
const { project } = JSON.parse(readFileSync(join(dataDir, 'credentials.json'), 'utf8'))
const target = { url: `http://127.0.0.1:${product.port}`, key: project.secretKey as string }
const { sql, close } = connect(await findLeader(address), { max: 3 })

try {
  await postBatches(target, records(ROWS), BATCH)
  const rates = { with: [] as number[], without: [] as number[] }
  for (let round = 0; round < ROUNDS; round++) {
    rates.with.push(await postBatches(target, records(ROWS), BATCH))
    rates.without.push(await whileLocked(() => postBatches(target, records(ROWS), BATCH)))
  }
  const ratio = median(rates.with.map((rate, round) => rate / (rates.without[round] ?? Number.NaN)))
  console.log(`ingest with rollups     ${Math.round(median(rates.with))} rows/s`)
  console.log(`ingest without rollups  ${Math.round(median(rates.without))} rows/s`)
  console.log(`ratio                   ${ratio.toFixed(2)}   (at least 0.80)`)
  await caughtUp()
  const lags = await keepUp()
  console.log(
    `at ${PER_SECOND} records/s for ${SECONDS} s the rollups were behind by ${median(lags).toFixed(1)} s, at most ${Math.max(...lags).toFixed(1)} s   (at most 5; a chart reads what they lack)`,
  )
  process.exitCode = ratio >= 0.8 && Math.max(...lags) <= 5 ? 0 : 1
} finally {
  await close()
  await product.stop()
  await cluster.stop()
  rmSync(dataDir, { recursive: true, force: true })
}

/** Records of the last minute, one in twenty late by up to 20 days; four in ten are of the other kinds. */
function records(count: number): object[] {
  return Array.from({ length: count }, (_, index) => {
    const event = makeRecord()
    const at = new Date(Date.now() - Math.random() * 60_000).toISOString()
    const record = index % 20 === 0 ? event : { ...event, occurredAt: at }
    const { id, userId, sessionId, occurredAt } = record
    const place = Math.floor(Math.random() * stages.length)
    const common = { id, userId, sessionId, occurredAt }
    // A user is in few runs at a time: records of one come in many requests.
    const run = { ...common, runId: `run-${index % 3}` }
    if (index % 10 === 1)
      return { kind: 'stage', ...run, funnel: 'checkout', stage: stages[place], stageOrder: place + 1 }
    if (index % 10 === 2) return { kind: 'step', ...run, journey: 'onboarding', step: stages[place] }
    if (index % 10 === 4)
      return { kind: 'response', ...common, survey: 'nps', score: Math.floor(11 * Math.random()) }
    if (index % 10 === 3) {
      return {
        kind: 'feature',
        ...common,
        feature: 'export',
        action: 'used',
        durationMs: Math.floor(1_000 * Math.random()),
        success: true,
      }
    }
    return record
  })
}

async function whileLocked<T>(work: () => Promise<T>): Promise<T> {
  const held = await sql.reserve()
  await held.unsafe('begin; select from rollup_progress for update')
  try {
    return await work()
  } finally {
    await held.unsafe('commit')
    held.release()
    await caughtUp()
  }
}

/** Posts at the steady rate; answers how old the oldest record was that was not rolled up, in seconds, twice a second. */
async function keepUp(): Promise<number[]> {
  const lags: number[] = []
  let posting = true
  const watch = (async () => {
    while (posting) {
      lags.push(await lag())
      await setTimeout(500)
    }
  })()
  const started = performance.now()
  for (let second = 0; second < SECONDS; second++) {
    await postBatches(target, records(PER_SECOND), BATCH)
    await setTimeout(Math.max(0, started + (second + 1) * 1_000 - performance.now()))
  }
  posting = false
  await watch
  const late = (performance.now() - started) / 1_000 - SECONDS
  if (late > 1) console.log(`Posting took ${late.toFixed(1)} s longer: this machine cannot post so many.`)
  return lags
}

async function lag(): Promise<number> {
  const waiting = analyticsTables.map(
    (table) =>
      `select received_at from ${table} where transaction_id >= (select next_transaction from rollup_progress)`,
  )
  const [row] = await sql.unsafe<{ seconds: number | null }[]>(`
    select extract(epoch from clock_timestamp() - min(received_at))::float8 as seconds
    from (${waiting.join(' union all ')}) waiting`)
  return row?.seconds ?? 0
}

async function caughtUp(): Promise<void> {
  while ((await lag()) > 0) await setTimeout(200)
}
