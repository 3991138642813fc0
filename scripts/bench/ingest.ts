import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, findLeader } from '@/db/connect'
import { makeCopy } from '@/scripts/bench/copy'
import { eventBody, makeRecords } from '@/scripts/bench/events'
import { postBatches, requestRate } from '@/scripts/bench/load'
import { median } from '@/scripts/bench/median'
import { startParseOnly } from '@/scripts/bench/parse-only'
import { addressOf, startCluster } from '@/scripts/cluster'
import { startProduct } from '@/scripts/test/start-product'

/**
 * `npm run bench:ingest`: recording against its ceilings, in one run, on the product as it is started, with a leader and
 * a synchronous standby. Machines differ and are noisy: the ratios are what counts. Rounds take turns, medians are
 * printed.
 */

const ROUNDS = Number(process.env.ROUNDS ?? 5)
const SECONDS = 4
const CONNECTIONS = 64
const ROWS = 60_000

const dataDir = mkdtempSync(join(tmpdir(), 'holdfast-bench-'))
const cluster = await startCluster({ dataDir })
const address = addressOf(cluster)
const product = await startProduct(dataDir, { DATABASE_URL: address }, ['--no-demo'])
const { project } = JSON.parse(readFileSync(join(dataDir, 'credentials.json'), 'utf8'))
const target = { url: `http://127.0.0.1:${product.port}`, key: project.secretKey as string }
const connection = connect(await findLeader(address), { max: 1 })

const figures: Record<string, number[]> = { parse: [], track: [], batch100: [], batch1000: [], copy: [] }
let parseOnly: Awaited<ReturnType<typeof startParseOnly>> | undefined
try {
  parseOnly = await startParseOnly()
  const ceiling = { url: parseOnly.url, key: target.key }
  // Both warm: a first round would measure the compiler.
  await requestRate(ceiling, '/api/parse', eventBody, CONNECTIONS, SECONDS)
  await requestRate(target, '/api/analytics/user/events/track', eventBody, CONNECTIONS, SECONDS)
  await postBatches(target, makeRecords(ROWS / 3), 1_000)
  for (let round = 0; round < ROUNDS; round++) {
    figures.parse?.push(await requestRate(ceiling, '/api/parse', eventBody, CONNECTIONS, SECONDS))
    figures.track?.push(
      await requestRate(target, '/api/analytics/user/events/track', eventBody, CONNECTIONS, SECONDS),
    )
    figures.batch1000?.push(await postBatches(target, makeRecords(ROWS), 1_000))
    figures.copy?.push(await makeCopy(connection, project.id, makeRecords(ROWS)))
    figures.batch100?.push(await postBatches(target, makeRecords(ROWS / 3), 100))
    console.log(
      `round ${round + 1} of ${ROUNDS}: ${JSON.stringify(figures, (_key, value) => (typeof value === 'number' ? Math.round(value) : value))}`,
    )
  }
  print()
} finally {
  await connection.close()
  await parseOnly?.stop()
  await product.stop()
  await cluster.stop()
  rmSync(dataDir, { recursive: true, force: true })
}

function print(): void {
  const rate = (name: string) => Math.round(median(figures[name] ?? [])).toLocaleString('en')
  const ratio = (name: string, to: string) =>
    median((figures[name] ?? []).map((value, round) => value / (figures[to]?.[round] ?? Number.NaN))).toFixed(
      2,
    )
  console.log(`
parse-only route   ${rate('parse')} requests/s   the ceiling
/events/track      ${rate('track')} requests/s   ${ratio('track', 'parse')} of the ceiling
raw COPY           ${rate('copy')} rows/s   the baseline
/events/batch 1000 ${rate('batch1000')} rows/s   ${ratio('batch1000', 'copy')} of COPY
/events/batch 100  ${rate('batch100')} rows/s   ${ratio('batch100', 'copy')} of COPY`)
}
