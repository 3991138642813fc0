import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildTracker, trackerFiles } from '@/scripts/start/build-tracker'

/** What the promise of 3 KB is. */
const MOST_BYTES = 3 * 1024
const folder = mkdtempSync(join(tmpdir(), 'holdfast-tracker-'))

beforeAll(() => buildTracker(folder))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('makes every file', () => {
  for (const file of trackerFiles) expect(statSync(join(folder, file)).size, file).toBeGreaterThan(500)
})

it.each(['holdfast.js', 'holdfast.mjs', 'survey.js'])('%s has at most 3 KB, gzipped', (file) => {
  expect(gzipSync(readFileSync(join(folder, file)), { level: 9 }).length).toBeLessThanOrEqual(MOST_BYTES)
})

it('can be imported where there is no window, as a server renders', async () => {
  const { init } = await import(join(folder, 'holdfast.mjs'))
  expect(() => init({ key: 'wk_none', api: 'http://127.0.0.1:9' }).track('rendered')).not.toThrow()
})

it('is a package that npm installs from our address', () => {
  const { stdout } = spawnSync('tar', ['tzf', join(folder, 'holdfast-tracker.tgz')], { encoding: 'utf8' })
  expect(stdout.trim().split('\n').sort()).toEqual([
    'package/holdfast.d.mts',
    'package/holdfast.mjs',
    'package/package.json',
  ])
})
