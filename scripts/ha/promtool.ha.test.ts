import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { followLeader } from '@/lib/database'
import { countRecords, countRequest } from '@/lib/metrics'
import { writeMetrics } from '@/lib/recovery/health/metrics'
import { bring, Unavailable } from '@/scripts/ha/packages'
import { makeDatabase } from '@/scripts/test/database'

/** Debian's promtool, if it can be had. */
function findPromtool(): string | undefined {
  try {
    const root = bring(
      resolve('node_modules/.cache/holdfast-prometheus'),
      ['prometheus'],
      ['usr/bin/promtool'],
    )
    return join(root, 'usr/bin/promtool')
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error
    console.log(`SKIPPED: ${error.message}`)
    return undefined
  }
}

const promtool = findPromtool()
let folder: string
beforeAll(async () => {
  const { address } = await makeDatabase()
  folder = mkdtempSync(join(tmpdir(), 'holdfast-metrics-'))
  process.env.DATABASE_URL = address
  process.env.HOLDFAST_DATA_DIR = folder
  await followLeader()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it.skipIf(!promtool)('promtool finds nothing wrong with the metrics', async () => {
  countRecords('accepted', 3)
  countRequest('trackEvent', 202, performance.now())
  countRequest('trackEvent', 422, performance.now())
  const { text } = await writeMetrics()
  expect(text).toMatch(
    /^holdfast_http_request_duration_seconds_count\{operation="trackEvent",status="4xx"\} 1$/m,
  )
  expect(text).toMatch(/^holdfast_rollup_delay_seconds 0$/m)
  const check = () => execFileSync(promtool as string, ['check', 'metrics'], { input: text, stdio: 'pipe' })
  expect(check().toString()).toBe('')
  // It does find something.
  const wrong = () =>
    execFileSync(promtool as string, ['check', 'metrics'], { input: `${text}\nNo metric`, stdio: 'pipe' })
  expect(wrong).toThrow()
})
