import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { connect, findLeader } from '@/db/connect'
import type { Project } from '@/lib/access/caller'
import { clock, timed } from '@/scripts/bench/clock'
import { median } from '@/scripts/bench/median'
import { openClickHouse } from '@/scripts/bench/query/clickhouse'
import { fill } from '@/scripts/bench/query/fill'
import { loadClickHouse } from '@/scripts/bench/query/load'
import type { Panel } from '@/scripts/bench/query/panels'
import { readRoom } from '@/scripts/bench/query/room'
import { addressOf, startCluster } from '@/scripts/cluster'

/**
 * `npm run bench:query -- --events 1000000`: every standard panel over 30 of 90 days, with rollups, without, and in
 * ClickHouse's engine on the same data, in one run; the answers must agree. Machines differ and are noisy: the ratios
 * are what counts.
 */

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    folder: { type: 'string' },
    only: { type: 'string' },
  },
})
const events = Number(values.events)
const ROUNDS = 5

const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'holdfast-bench-'))
const kept = values.folder !== undefined
mkdirSync(folder, { recursive: true })
const cluster = await startCluster({ dataDir: folder })
const address = await findLeader(addressOf(cluster))
process.env.DATABASE_URL = address
process.env.NEXTAUTH_SECRET = 'nobody signs in here'
const connection = connect(address, { max: 4 })
const clickhouse = openClickHouse(join(folder, 'chdb'), join(folder, 'clickhouse'))
let failed = 0
try {
  const project = await prepare()
  // Only now: services open the database that the environment names.
  const { eventPanels } = await import('@/scripts/bench/query/panels')
  const { servicePanels } = await import('@/scripts/bench/query/service-panels')
  console.log(`\n${'panel'.padEnd(46)} rollups   without  ClickHouse   to ClickHouse   answers`)
  for (const panel of [...eventPanels(connection.db, project.id), ...servicePanels(project)]) {
    if (values.only === undefined || new RegExp(values.only).test(panel.name)) await measure(panel)
  }
  process.exitCode = failed > 0 ? 1 : 0
} finally {
  clickhouse.close()
  await connection.close()
  await cluster.stop()
  if (!kept) rmSync(folder, { recursive: true, force: true })
}

/** Fills both databases, with what a folder that was kept does not hold yet. */
async function prepare(): Promise<Project> {
  const project = await fill(address, folder, events)
  const { rows, indexes, rollups } = await readRoom(connection)
  const perEvent = (bytes: number) => `${Math.round(bytes / events)} B`
  console.log(
    `on disk for each event: row ${perEvent(rows)}, indexes ${perEvent(indexes)}, rollups ${perEvent(rollups)}, those of other kinds among them`,
  )
  if (clickhouse.rows('show databases').every((row) => row.name !== 'bench')) {
    await timed('copied into ClickHouse', () => loadClickHouse(clickhouse, folder))
  }
  return project
}

async function measure(panel: Panel): Promise<void> {
  const times = { rollups: [] as number[], without: [] as number[], clickhouse: [] as number[] }
  let answers: unknown[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const [rollups, a] = await clock(() => panel.answer(true))
    // Once is enough for what takes seconds.
    const [without, b] = round < 2 ? await clock(() => panel.answer(false)) : [times.without[0] ?? 0, a]
    const [engine, c] = await clock(async () =>
      [panel.clickhouse].flat().flatMap((sql) => clickhouse.rows(sql)),
    )
    answers = [a, b, c].map((answer) => JSON.stringify(panel.normalize(answer as never)))
    // The first round warms the caches of all three.
    if (round === 0) continue
    times.rollups.push(rollups)
    times.without.push(without)
    times.clickhouse.push(engine)
  }
  const agree = answers.every((answer) => answer === answers[0])
  if (!agree) failed++
  const [mine, plain, theirs] = [median(times.rollups), median(times.without), median(times.clickhouse)]
  const ms = (value: number) => `${value.toFixed(1)} ms`.padStart(10)
  console.log(
    `${panel.name.padEnd(44)}${ms(mine)}${ms(plain)}${ms(theirs)}${(mine / theirs).toFixed(2).padStart(14)}   ${agree ? 'agree' : `DIFFER\n${answers.join('\n').slice(0, 2_000)}`}`,
  )
}
