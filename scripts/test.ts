import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { bringPackages, HA_CACHE, Unavailable } from '@/scripts/ha/packages'
import {
  type PlaywrightReport,
  playwrightFailures,
  type VitestReport,
  vitestFailures,
} from '@/scripts/test/reports'

/**
 * Everything that `npm test` runs: the check, unit and integration tests on a real PostgreSQL, then Playwright in a real
 * browser against the product as `npm start` starts it, which builds it. `--ha` adds failover on real Patroni and backups
 * by real pgBackRest; `--only-ha` runs nothing else. Where the run has to end `--within` so many minutes, what a slow machine
 * has no time for is named, and counts as failed: nobody has seen it pass. Ends with what failed, once more and in one
 * place, and `N passed, N failed`.
 */

interface Count {
  passed: number
  failed: number
  /** What failed and why. */
  failures?: string[]
}

const { values } = parseArgs({
  options: {
    ha: { type: 'boolean', default: false },
    'only-ha': { type: 'boolean', default: false },
    within: { type: 'string', default: 'Infinity' },
  },
})
const begunAt = performance.now()
const minutesLeft = () => Number(values.within) - (performance.now() - begunAt) / 60_000
/** What the last suite has to have left; it takes half of that on a usual machine. */
const LAST_MINUTES = 20
const reports = mkdtempSync(join(tmpdir(), 'holdfast-reports-'))
const total = { passed: 0, failed: 0, failures: [] as string[] }

if (!values['only-ha']) {
  await step('check', async () => {
    const code = await run('npm', ['run', '-s', 'check'])
    return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 }
  })

  await step('unit and integration tests', () => runVitest('vitest.config.ts'))

  await step('the product in a browser', async () => {
    const report = join(reports, 'playwright.json')
    const env = { PLAYWRIGHT_JSON_OUTPUT_NAME: report }
    const limit = Math.max(1, Math.round(minutesLeft() * 60_000))
    const limited = Number.isFinite(limit) ? [`--global-timeout=${limit}`] : []
    const code = await run('npx', ['playwright', 'test', '--reporter=list,json', ...limited], env)
    const { stats, suites }: PlaywrightReport = JSON.parse(readFileSync(report, 'utf8'))
    const count = { passed: stats.expected + stats.flaky, failed: stats.unexpected }
    const failures = suites.flatMap(playwrightFailures)
    if (minutesLeft() <= 0)
      failures.push(`${stats.skipped} tests in a browser were not run: no time was left`)
    return atLeastOne({ ...count, failures }, code)
  })
}
if (values.ha || values['only-ha']) {
  await step('failover on real Patroni, backups by real pgBackRest', async () => {
    if (minutesLeft() < LAST_MINUTES) {
      return {
        passed: 0,
        failed: 1,
        failures: ['failover and pgBackRest were not run: too little time was left'],
      }
    }
    try {
      bringPackages(HA_CACHE)
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error
      console.log(`SKIPPED: failover on real Patroni, backups by real pgBackRest: ${error.message}`)
      return { passed: 0, failed: 0 }
    }
    return runVitest('vitest.ha.config.ts')
  })
}

rmSync(reports, { recursive: true, force: true })
process.exitCode = total.failed === 0 ? 0 : 1
for (const failure of total.failures) console.log(`\n── failed: ${failure}`)
console.log(`${total.passed} passed, ${total.failed} failed`)

async function runVitest(config: string): Promise<Count> {
  const report = join(reports, `${config}.json`)
  const code = await run('npx', [
    'vitest',
    'run',
    '--config',
    config,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ])
  const found: VitestReport = JSON.parse(readFileSync(report, 'utf8'))
  const { numPassedTests: passed, numFailedTests: failed } = found
  return atLeastOne({ passed, failed, failures: vitestFailures(found) }, code)
}

/** Runs a part and adds what it counted; a part that cannot even report counts as one failure. */
async function step(name: string, work: () => Promise<Count>): Promise<void> {
  const started = performance.now()
  console.log(`\n── ${name}`)
  const count = await work().catch((error: Error) => {
    console.error(`${name} did not run: ${error.message}`)
    return { passed: 0, failed: 1, failures: [`${name}: ${error.message}`] }
  })
  total.passed += count.passed
  total.failed += count.failed
  total.failures.push(...(count.failures ?? []))
  if (count.failed > 0 && !count.failures?.length) total.failures.push(name)
  console.log(
    `── ${name}: ${count.passed} passed, ${count.failed} failed, ${((performance.now() - started) / 1000).toFixed(0)} s`,
  )
}

/** A runner that failed without a failed test, or ran none, is a failure too. */
function atLeastOne(count: Count, code: number): Count {
  const broken = (code !== 0 && count.failed === 0) || count.passed + count.failed === 0
  return broken ? { ...count, failed: count.failed + 1 } : count
}

function run(command: string, args: string[], env: Record<string, string> = {}): Promise<number> {
  const child = spawn(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? 1))
  })
}
