import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Plugin } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildTracker, bundle, trackerFiles } from '@/scripts/start/build-tracker'

/** What the promise of 3 KB is: of all but what knows when a survey is due, which has 0.3 KB more. */
const MOST_BYTES = 3 * 1024
const MOST_WITH_SURVEYS = 3.3 * 1024
const folder = mkdtempSync(join(tmpdir(), 'holdfast-tracker-'))

beforeAll(() => buildTracker(folder))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('makes every file', () => {
  for (const file of trackerFiles) expect(statSync(join(folder, file)).size, file).toBeGreaterThan(500)
})

const gzipped = (code: string | Buffer) => gzipSync(code, { level: 9 }).length

it.each([
  ['holdfast.js', MOST_WITH_SURVEYS],
  ['holdfast.mjs', MOST_WITH_SURVEYS],
  ['survey.js', MOST_BYTES],
])('%s has at most %d bytes, gzipped', (file, most) => {
  expect(gzipped(readFileSync(join(folder, file)))).toBeLessThanOrEqual(most)
})

it.each([
  ['script.ts', 'iife'],
  ['module.ts', 'esm'],
] as const)('without what asks surveys, %s has at most 3 KB', async (entry, format) => {
  const without: Plugin = {
    name: 'without surveys',
    setup: (build) =>
      build.onLoad({ filter: /surveys\.ts$/ }, () => ({
        contents: 'export const watchSurveys = () => () => {}',
      })),
  }
  const code = await bundle(entry, format, [without])
  expect(code).not.toContain('surveys/due')
  expect(gzipped(code)).toBeLessThanOrEqual(MOST_BYTES)
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

it('has types that an app is checked by', () => {
  const app = mkdtempSync(join(tmpdir(), 'holdfast-app-'))
  const modules = join(app, 'node_modules')
  mkdirSync(modules)
  spawnSync('tar', ['xzf', join(folder, 'holdfast-tracker.tgz'), '-C', modules])
  renameSync(join(modules, 'package'), join(modules, 'holdfast-tracker'))
  writeFileSync(
    join(app, 'app.mts'),
    `import { type Holdfast, init, type Outgoing } from 'holdfast-tracker'
const beforeSend = (record: Outgoing) => (record.kind === 'event' ? record : null)
export const holdfast: Holdfast = init({ key: 'wk_x', api: 'https://x.example', domains: ['a.example'], beforeSend })
holdfast.track('n', { a: 1 }, { type: 't', category: 'c', durationMs: 1 })
holdfast.feature('f', 'opened', { success: true, error: 'e' })
const two: number = await holdfast.time('f', () => 1 + 1)
holdfast.stage('funnel', 'stage', two, { runId: 'r' })
holdfast.completeFunnel('funnel')
holdfast.step('journey', 'step')
holdfast.completeJourney('journey', { properties: { a: 1 } })
holdfast.respond('nps', 10, { question: 'q', response: 'r', context: { a: 1 } })
holdfast.identify('u')
holdfast.reset()
holdfast.optOut()
holdfast.optIn()
// @ts-expect-error: a key is needed
init({ api: 'https://x.example' })
// @ts-expect-error: there is no such survey
holdfast.respond('stars', 5)
`,
  )
  const options = [
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2022',
    '--lib',
    'es2022,dom',
  ]
  const { stdout, status } = spawnSync(
    process.execPath,
    [resolve('node_modules/typescript/bin/tsc'), ...options, 'app.mts'],
    { cwd: app, encoding: 'utf8' },
  )
  expect(stdout).toBe('')
  expect(status).toBe(0)
  rmSync(app, { recursive: true, force: true })
})
