import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Everything that `npm test` runs: the check, unit and integration tests on a real PostgreSQL, then Playwright in a real
 * browser against the product as `npm start` starts it, which builds it. Ends with `N passed, N failed`.
 */

interface Count {
  passed: number
  failed: number
}

const reports = mkdtempSync(join(tmpdir(), 'holdfast-reports-'))
const total: Count = { passed: 0, failed: 0 }

await step('check', async () => {
  const code = await run('npm', ['run', '-s', 'check'])
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 }
})

await step('unit and integration tests', async () => {
  const report = join(reports, 'vitest.json')
  const code = await run('npx', [
    'vitest',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ])
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'))
  return atLeastOne({ passed: numPassedTests, failed: numFailedTests }, code)
})

await step('the product in a browser', async () => {
  const report = join(reports, 'playwright.json')
  const env = { PLAYWRIGHT_JSON_OUTPUT_NAME: report }
  const code = await run('npx', ['playwright', 'test', '--reporter=list,json'], env)
  const { stats } = JSON.parse(readFileSync(report, 'utf8'))
  return atLeastOne({ passed: stats.expected + stats.flaky, failed: stats.unexpected }, code)
})

rmSync(reports, { recursive: true, force: true })
process.exitCode = total.failed === 0 ? 0 : 1
console.log(`${total.passed} passed, ${total.failed} failed`)

/** Runs a part and adds what it counted; a part that cannot even report counts as one failure. */
async function step(name: string, work: () => Promise<Count>): Promise<void> {
  const started = performance.now()
  console.log(`\n── ${name}`)
  const count = await work().catch((error: Error) => {
    console.error(`${name} did not run: ${error.message}`)
    return { passed: 0, failed: 1 }
  })
  total.passed += count.passed
  total.failed += count.failed
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
