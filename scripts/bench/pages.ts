import { mkdtempSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { connect, findLeader } from '@/db/connect'
import { advanceRollups } from '@/db/queries/analytics/rollups/advance'
import { median } from '@/scripts/bench/median'
import { DAYS, generate, START } from '@/scripts/bench/query/generate'
import { loadPostgres } from '@/scripts/bench/query/load'
import { addressOf, startCluster } from '@/scripts/cluster'
import { readCredentials } from '@/scripts/start/credentials'
import { Session } from '@/scripts/test/session'
import { startProduct } from '@/scripts/test/start-product'

/**
 * `npm run bench:pages -- --events 1000000`: of every page in the navigation, over 30 of 90 days, when its HTML begins and ends, and
 * the JavaScript that a browser loads with it, gzipped as it is sent. The baseline is the page of signing in, which shows no data.
 */

const { values } = parseArgs({ options: { events: { type: 'string', default: '1000000' } } })
const ROUNDS = 7
const WARM = 2
const DAY_MS = 86_400_000

const dataDir = mkdtempSync(join(tmpdir(), 'holdfast-bench-'))
const cluster = await startCluster({ dataDir })
const address = addressOf(cluster)
const product = await startProduct(dataDir, { DATABASE_URL: address }, ['--no-demo', '--no-own-analytics'])
const written = readCredentials(dataDir)
if (!written) throw new Error('The product has written no credentials.')
const credentials = { ...written, url: `http://127.0.0.1:${product.port}` }

interface Loaded {
  /** Milliseconds from the request. */
  begun: number
  ended: number
  /** As it came: gzipped, if that was asked for. */
  body: Buffer
}

try {
  const connection = connect(await findLeader(address), { max: 2 })
  console.log('loaded:', generate(dataDir, credentials.project.id, Number(values.events)))
  await loadPostgres(connection, dataDir)
  await advanceRollups(connection.db, 'wait')
  await connection.close()
  const { cookie } = await Session.signIn(credentials, 'admin')

  const day = (back: number) => new Date(START + (DAYS - back) * DAY_MS).toISOString().slice(0, 10)
  const range = `?from=${day(30)}&to=${day(1)}`
  const overview = (await load('/overview', cookie)).body.toString()
  const links = [...overview.matchAll(/<a [^>]*href="(\/[a-z-]+(?:\/[a-z-]+)?)[?"]/g)].map(
    ([, path]) => path as string,
  )
  const baseline = await measure('/sign-in', '')
  console.log('page                        begins      ends   of sign-in   JavaScript')
  print('/sign-in', baseline)
  for (const path of new Set(links)) print(path, await measure(path + range, cookie))

  function print(path: string, { begun, ended, scripts }: Awaited<ReturnType<typeof measure>>): void {
    const ms = (value: number) => `${value.toFixed(0)} ms`.padStart(9)
    const ratio = (ended / baseline.ended).toFixed(1).padStart(11)
    console.log(
      `${path.padEnd(25)}${ms(begun)} ${ms(ended)} ${ratio}   ${(scripts / 1024).toFixed(0).padStart(6)} KB`,
    )
  }
} finally {
  await product.stop()
  await cluster.stop()
  rmSync(dataDir, { recursive: true, force: true })
}

async function measure(path: string, cookie: string) {
  const rounds: Loaded[] = []
  for (let round = 0; round < WARM + ROUNDS; round++) rounds.push(await load(path, cookie))
  const html = rounds.at(-1)?.body.toString() ?? ''
  // Browsers that know modules pass over what is for those that do not.
  const tags = [...html.matchAll(/<script [^>]*src="([^"]+)"[^>]*>/g)].filter(
    ([tag]) => !/nomodule/i.test(tag),
  )
  const scripts = await Promise.all(
    [...new Set(tags.map(([, src]) => src as string))].map((src) => load(src, '', 'gzip')),
  )
  const timed = rounds.slice(WARM)
  return {
    begun: median(timed.map(({ begun }) => begun)),
    ended: median(timed.map(({ ended }) => ended)),
    scripts: scripts.reduce((sum, { body }) => sum + body.length, 0),
  }
}

/** @throws Error for any answer but 200 */
function load(path: string, cookie: string, encoding = 'identity'): Promise<Loaded> {
  const asked = performance.now()
  return new Promise((resolve, reject) => {
    get(credentials.url + path, { headers: { cookie, 'accept-encoding': encoding } }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`${path}: ${answer.statusCode}`))
      const parts: Buffer[] = []
      let begun = 0
      answer.on('data', (part) => {
        begun ||= performance.now() - asked
        parts.push(part)
      })
      answer.on('end', () => resolve({ begun, ended: performance.now() - asked, body: Buffer.concat(parts) }))
    }).on('error', reject)
  })
}
