import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { keepMeasured } from '@/scripts/test/measured-page'
import { type Report, readPlaywright, readVitest } from '@/scripts/test/reports'
import { openRunFolder } from '@/scripts/test/run-folder'

/**
 * `npm test` is the gate: the check, unit and integration tests on a real PostgreSQL, the build, and the product in a real
 * browser as `npm start` starts it. `npm run test:<suite>` is one of the long suites, which write what they measured into
 * `docs/measured.md`. Ends with what failed and what passed only when it was tried again, once more and in one place, and
 * `N passed, N failed`.
 */

type Step = [name: string, work: () => Promise<Report>]

const check: Step = ['check', runCheck]
const vitest = (project: string): Step => [`tests of ${project}`, () => runVitest(project)]
const browser = (...projects: string[]): Step => ['the product in a browser', () => runPlaywright(projects)]

const suites: Record<string, Step[]> = {
  gate: [check, vitest('unit'), browser('product', 'tracker', 'alone')],
  /** The local cluster with processes killed and frozen, folders lost, disks full; bounds of wall-clock time. */
  faults: [vitest('faults'), browser('faults')],
  /** Every number against a slow and obvious reference, on many random data sets. */
  properties: [vitest('properties')],
  /** Failover under real Patroni and etcd. */
  ha: [vitest('ha')],
  /** The leader of a cluster under Patroni, moved with each fault; that of the local one is among the faults. */
  chaos: [vitest('chaos')],
  /** Backups of the local cluster, by real pgBackRest, and in a real S3. */
  backups: [vitest('backups')],
}

const [name = 'gate'] = process.argv.slice(2)
const steps = suites[name]
if (!steps) {
  console.error(`There is no suite ${name}: ${Object.keys(suites).join(', ')}`)
  process.exit(2)
}

const folder = openRunFolder()
const total: Report = { passed: 0, failed: 0, skipped: 0, failures: [], flaky: [] }
for (const [what, work] of steps) await run(what, work)
if (name !== 'gate') keepMeasured(name, folder.measured, total)
await run('what is left behind', async () => {
  const left = await folder.close()
  return { passed: left.length === 0 ? 1 : 0, failed: left.length, skipped: 0, failures: left, flaky: [] }
})

for (const failure of total.failures) console.log(`\n── failed: ${failure}`)
for (const test of total.flaky) console.log(`flaky: ${test}`)
console.log(
  `${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`,
)
process.exit(total.failed === 0 ? 0 : 1)

/** Runs a part and adds what it counted; a part that cannot even report counts as one failure. */
async function run(what: string, work: () => Promise<Report>): Promise<void> {
  const begun = performance.now()
  console.log(`\n── ${what}`)
  const report = await work().catch((error: Error) => failure(`${what} did not run: ${error.message}`))
  for (const count of ['passed', 'failed', 'skipped'] as const) total[count] += report[count]
  total.failures.push(...report.failures)
  total.flaky.push(...report.flaky)
  const seconds = ((performance.now() - begun) / 1000).toFixed(0)
  console.log(`── ${what}: ${report.passed} passed, ${report.failed} failed, ${seconds} s`)
}

function failure(why: string): Report {
  return { passed: 0, failed: 1, skipped: 0, failures: [why], flaky: [] }
}

async function runCheck(): Promise<Report> {
  const code = await execute('npm', ['run', '-s', 'check'])
  return code === 0 ? { passed: 1, failed: 0, skipped: 0, failures: [], flaky: [] } : failure('npm run check')
}

async function runVitest(project: string): Promise<Report> {
  const file = join(folder.reports, `${project}.json`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const code = await execute('npx', ['vitest', 'run', '--project', project, ...reporters])
  return atLeastOne(readVitest(JSON.parse(readFileSync(file, 'utf8'))), code)
}

async function runPlaywright(projects: string[]): Promise<Report> {
  const file = join(folder.reports, 'playwright.json')
  const chosen = projects.map((project) => `--project=${project}`)
  const code = await execute('npx', ['playwright', 'test', '--reporter=list,json', ...chosen], {
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
    ...(projects.includes('faults') && { HOLDFAST_BOUNDS: 'hold' }),
  })
  return atLeastOne(readPlaywright(JSON.parse(readFileSync(file, 'utf8'))), code)
}

/** A runner that failed without a failed test, or ran none, is a failure too. */
function atLeastOne(report: Report, code: number): Report {
  const broken = (code !== 0 && report.failed === 0) || report.passed + report.failed + report.skipped === 0
  if (!broken) return report
  const why = `the runner ended with ${code} after ${report.passed} tests that passed`
  return { ...report, failed: report.failed + 1, failures: [...report.failures, why] }
}

function execute(command: string, args: string[], env: Record<string, string> = {}): Promise<number> {
  const child = spawn(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...folder.env, ...env },
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? 1))
  })
}
