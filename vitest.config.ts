import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { slowness } from './scripts/test/slowness'

export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('.', import.meta.url)).replace(/\/$/, '') } },
  test: {
    include: ['{db,lib,scripts,components}/**/*.test.ts'],
    // Against real Patroni: see vitest.ha.config.ts.
    exclude: ['scripts/ha/**', '**/node_modules/**'],
    globalSetup: ['scripts/test/postgres.ts'],
    // Two cores: PostgreSQL needs one of them.
    maxWorkers: 2,
    // For what hangs: how long anything may take is said by its test.
    testTimeout: 120_000 * slowness,
    hookTimeout: 120_000 * slowness,
  },
})
