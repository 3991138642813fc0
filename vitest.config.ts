import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const MINUTE = 60_000
const parts = '{db,lib,scripts,components}/**'
/**
 * A test's suite stands in its file's name; without one it belongs to the gate. What is `timed` belongs to the gate and to
 * the faults, where its bounds of time hold.
 */
const LONG = {
  faults: { include: [`${parts}/*.{faults,timed}.test.ts`], env: { HOLDFAST_BOUNDS: 'hold' } },
  backups: { include: [`${parts}/*.backups.test.ts`] },
  ha: { include: [`${parts}/*.ha.test.ts`] },
  chaos: { include: [`${parts}/*.chaos.test.ts`] },
}
const gate = {
  include: [`${parts}/*.test.ts`],
  exclude: [`${parts}/*.{${Object.keys(LONG).join(',')}}.test.ts`],
  globalSetup: ['scripts/test/postgres.ts'],
}

/** One project a suite: `npx vitest run --project unit`. */
export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('.', import.meta.url)).replace(/\/$/, '') } },
  test: {
    // Two cores, and some of the tests wait most of the time.
    maxWorkers: 3,
    // For what hangs: how long anything may take is asserted in the long suites.
    testTimeout: 5 * MINUTE,
    hookTimeout: 5 * MINUTE,
    projects: [
      {
        extends: true,
        test: { name: 'unit', ...gate, retry: 2 },
      },
      {
        extends: true,
        // The same tests, on many more random sets.
        test: { name: 'properties', ...gate, env: { HOLDFAST_RANDOM_SETS: 'all' } },
      },
      ...Object.entries(LONG).map(([name, files]) => ({
        extends: true as const,
        test: { name, globalSetup: gate.globalSetup, fileParallelism: false, ...files },
      })),
    ],
  },
})
