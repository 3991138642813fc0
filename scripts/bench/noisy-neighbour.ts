import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { connect, findLeader } from '@/db/connect'
import { addMemberships } from '@/db/queries/access/memberships'
import { insertProject } from '@/db/queries/access/projects'
import { findUser } from '@/db/queries/access/users'
import { eventBody, makeRecords } from '@/scripts/bench/events'
import { postBatches, requestRate } from '@/scripts/bench/load'
import { median } from '@/scripts/bench/median'
import { loadProject, rollUp } from '@/scripts/bench/query/fill'
import { DAYS, eventNames, START } from '@/scripts/bench/query/generate'
import { addressOf, startCluster } from '@/scripts/cluster'
import { readCredentials } from '@/scripts/start/credentials'
import { Session } from '@/scripts/test/session'
import { startProduct } from '@/scripts/test/start-product'

/**
 * `npm run bench:noisy-neighbour -- --events 1000000`: what recording keeps of its speed while one viewer asks for funnels of
 * ten steps over a large project of somebody else, 20 at once, again and again: once by someone who leaves at once, once by
 * someone who waits for the answers. Rounds take turns, medians are printed; machines differ, the ratios are what counts.
 */

const { values } = parseArgs({ options: { events: { type: 'string', default: '1000000' } } })
const ROUNDS = 3
const SECONDS = 5
const CONNECTIONS = 16
const ROWS = 20_000
/** Funnels asked for at once. */
const FUNNELS = 20
/** Whoever leaves has been heard by then; and comes again after. */
const LEAVES_MS = 20
const AGAIN_MS = 1_000

const dataDir = mkdtempSync(join(tmpdir(), 'holdfast-bench-'))
const cluster = await startCluster({ dataDir })
const address = addressOf(cluster)
const product = await startProduct(dataDir, { DATABASE_URL: address }, ['--no-demo'])
const written = readCredentials(dataDir)
if (!written) throw new Error('The product has written no credentials.')
const url = `http://127.0.0.1:${product.port}`
const credentials = { ...written, url }
const target = { url, key: credentials.project.secretKey }
const connection = connect(await findLeader(address), { max: 2 })
const answered = new Map<number, number>()

try {
  const large = await fillLargeProject()
  const viewer = await Session.signIn(credentials, 'viewer')
  const ask = (signal?: AbortSignal) =>
    fetch(`${url}${questionOf(large)}`, { headers: { cookie: viewer.cookie }, signal }).then(
      async (response) => {
        await response.text()
        answered.set(response.status, (answered.get(response.status) ?? 0) + 1)
      },
    )
  const begun = performance.now()
  await ask()
  console.log(`one funnel alone: ${((performance.now() - begun) / 1_000).toFixed(1)} s`)
  // The first rounds would measure the compiler and what the load has left to tidy up.
  for (let warm = 0; warm < 3; warm++) await measure()
  const rounds = []
  for (let round = 0; round < ROUNDS; round++) {
    const quiet = await measure()
    const leaving = await beside(() =>
      Promise.allSettled(many(() => ask(AbortSignal.timeout(LEAVES_MS)))).then(() => sleep(AGAIN_MS)),
    )
    const waiting = await beside(() => Promise.all(many(ask)))
    rounds.push({ quiet, leaving, waiting })
    console.log(`round ${round + 1} of ${ROUNDS}: ${JSON.stringify({ quiet, leaving, waiting })}`)
  }
  print(rounds)
} finally {
  await connection.close()
  await product.stop()
  await cluster.stop()
  rmSync(dataDir, { recursive: true, force: true })
}

async function fillLargeProject(): Promise<string> {
  const project = await insertProject(connection.db, { name: 'Large' })
  const viewer = await findUser(connection.db, credentials.users.viewer.email)
  if (!project || !viewer) throw new Error('There is a project of this name, or no viewer.')
  await addMemberships(connection.db, [{ userId: viewer.id, projectId: project.id, role: 'viewer' }])
  await loadProject(connection, dataDir, project.id, Number(values.events))
  await rollUp(connection)
  return project.id
}

function questionOf(project: string): string {
  const steps = eventNames
    .slice(0, 10)
    .map((name, index, all) => ({ name, optional: index % 2 === 1 && index < all.length - 1 }))
  const query = new URLSearchParams({
    project,
    from: new Date(START).toISOString(),
    to: new Date(START + DAYS * 86_400_000).toISOString(),
    definition: JSON.stringify({ steps, exclusions: [{ name: eventNames.at(-1) }], window: '30d' }),
  })
  return `/api/analytics/user/funnels/large/analytics?${query}`
}

function many<T>(work: () => Promise<T>): Promise<T>[] {
  return Array.from({ length: FUNNELS }, () => work())
}

/** How fast records are taken and people let in. */
async function measure() {
  const track = await requestRate(target, '/api/analytics/user/events/track', eventBody, CONNECTIONS, SECONDS)
  const batch = await postBatches(target, makeRecords(ROWS), 100)
  const begun = performance.now()
  await Session.signIn(credentials, 'admin')
  return { track, batch, signInMs: performance.now() - begun }
}

/** The same while something else goes on, over and over. */
async function beside(other: () => Promise<unknown>) {
  let going = true
  const others = (async () => {
    while (going) await other()
  })()
  // Told below; until then everything has to be taken down in order.
  others.catch(() => {})
  try {
    await sleep(1_000)
    return await measure()
  } finally {
    going = false
    await others
  }
}

type Speed = Awaited<ReturnType<typeof measure>>

function print(rounds: Record<'quiet' | 'leaving' | 'waiting', Speed>[]): void {
  const keeps = (what: 'track' | 'batch', beside: 'leaving' | 'waiting') =>
    median(rounds.map((round) => round[beside][what] / round.quiet[what])).toFixed(2)
  const rate = (what: 'track' | 'batch') =>
    Math.round(median(rounds.map(({ quiet }) => quiet[what]))).toLocaleString('en')
  const signIn = (when: 'quiet' | 'leaving' | 'waiting') =>
    Math.round(Math.max(...rounds.map((round) => round[when].signInMs)))
  console.log(`
                      alone             beside ${FUNNELS} funnels at once of one who
                                        leaves at once    waits for the answers
/events/track         ${`${rate('track')} requests/s`.padEnd(18)}${keeps('track', 'leaving').padEnd(18)}${keeps('track', 'waiting')}
/events/batch 100     ${`${rate('batch')} rows/s`.padEnd(18)}${keeps('batch', 'leaving').padEnd(18)}${keeps('batch', 'waiting')}
slowest sign-in       ${`${signIn('quiet')} ms`.padEnd(18)}${`${signIn('leaving')} ms`.padEnd(18)}${signIn('waiting')} ms
funnels answered      ${JSON.stringify(Object.fromEntries(answered))}`)
}
