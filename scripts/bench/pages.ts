import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { findLeader } from '@/db/connect'
import { firstLoads } from '@/scripts/bench/first-load'
import { median } from '@/scripts/bench/median'
import { fill } from '@/scripts/bench/query/fill'
import { DAYS, START } from '@/scripts/bench/query/generate'
import { addressOf, startCluster } from '@/scripts/cluster'
import { readCredentials } from '@/scripts/start/credentials'
import { Session } from '@/scripts/test/session'
import { startProduct } from '@/scripts/test/start-product'

/**
 * `npm run bench:pages -- --events 1000000`: of every page in the navigation, over 30 of 90 days, when its HTML begins and ends, and
 * of every page that there is the JavaScript that a browser loads with it at first, gzipped as it is sent. The baseline is the page
 * of signing in, which shows no data. Fails where a page loads too much. A folder given with --folder is kept; `bench:query` can use
 * the same.
 */

const { values } = parseArgs({
  options: { events: { type: 'string', default: '1000000' }, folder: { type: 'string' } },
})
const ROUNDS = 7
const WARM = 2
const DAY_MS = 86_400_000
/** Of JavaScript at the most, in KB. */
const MOST = 300

const dataDir = values.folder ?? mkdtempSync(join(tmpdir(), 'holdfast-bench-'))
mkdirSync(dataDir, { recursive: true })
const cluster = await startCluster({ dataDir })
const product = await start().catch(async (error: unknown) => {
  await cluster.stop()
  throw error
})
const credentials = { ...product.credentials, url: `http://127.0.0.1:${product.port}` }

interface Loaded {
  /** Milliseconds from the request. */
  begun: number
  ended: number
  body: string
}

try {
  const { cookie } = await Session.signIn(credentials, 'admin')

  const day = (back: number) => new Date(START + (DAYS - back) * DAY_MS).toISOString().slice(0, 10)
  const range = `?from=${day(30)}&to=${day(1)}`
  const overview = (await load('/overview', cookie)).body
  const links = [...overview.matchAll(/<a [^>]*href="(\/[a-z-]+(?:\/[a-z-]+)?)[?"]/g)].map(
    ([, path]) => path as string,
  )
  const baseline = await measure('/sign-in', '')
  const scripts = firstLoads('.next')
  console.log('page                            begins      ends   of sign-in   JavaScript')
  print('/sign-in', baseline)
  for (const path of new Set(links)) print(path, await measure(path + range, cookie))
  const timed = new Set(['/sign-in', ...links])
  for (const path of scripts.keys()) if (!timed.has(path)) print(path)

  const tooMuch = [...scripts].filter(([, bytes]) => bytes > MOST * 1024).map(([path]) => path)
  if (tooMuch.length > 0) {
    console.log(`More than ${MOST} KB of JavaScript: ${tooMuch.join(', ')}`)
    process.exitCode = 1
  }

  function print(path: string, times?: Awaited<ReturnType<typeof measure>>): void {
    const ms = (value: number) => `${value.toFixed(0)} ms`.padStart(9)
    const ratio = (ended: number) => (ended / baseline.ended).toFixed(1).padStart(11)
    const when = times ? `${ms(times.begun)} ${ms(times.ended)} ${ratio(times.ended)}` : ' '.repeat(31)
    console.log(`${path.padEnd(29)}${when}   ${((scripts.get(path) ?? 0) / 1024).toFixed(0).padStart(6)} KB`)
  }
} finally {
  await product.stop()
  await cluster.stop()
  if (!values.folder) rmSync(dataDir, { recursive: true, force: true })
}

/** Starts the product on a project that is full. */
async function start() {
  const address = addressOf(cluster)
  // Before the product makes a project of its own: pages are about the first.
  const { id } = await fill(await findLeader(address), dataDir, Number(values.events))
  const product = await startProduct(dataDir, { DATABASE_URL: address }, ['--no-demo', '--no-own-analytics'])
  const credentials = readCredentials(dataDir)
  if (credentials?.project.id === id) return { ...product, credentials }
  await product.stop()
  throw new Error('The folder was filled with another number of events before.')
}

async function measure(path: string, cookie: string) {
  const rounds: Loaded[] = []
  for (let round = 0; round < WARM + ROUNDS; round++) rounds.push(await load(path, cookie))
  const timed = rounds.slice(WARM)
  return {
    begun: median(timed.map(({ begun }) => begun)),
    ended: median(timed.map(({ ended }) => ended)),
  }
}

/** @throws Error for any answer but 200 */
function load(path: string, cookie: string): Promise<Loaded> {
  const asked = performance.now()
  return new Promise((resolve, reject) => {
    get(credentials.url + path, { headers: { cookie } }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`${path}: ${answer.statusCode}`))
      const parts: Buffer[] = []
      let begun = 0
      answer.on('data', (part) => {
        begun ||= performance.now() - asked
        parts.push(part)
      })
      answer.on('end', () =>
        resolve({ begun, ended: performance.now() - asked, body: Buffer.concat(parts).toString() }),
      )
    }).on('error', reject)
  })
}
