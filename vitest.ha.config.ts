import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { slowness } from './scripts/test/slowness'

/** `npm run test:ha`: the suite against real Patroni, etcd, pgBackRest, Swift and PostgreSQL. */
export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('.', import.meta.url)).replace(/\/$/, '') } },
  test: {
    include: ['scripts/ha/*.test.ts'],
    testTimeout: 180_000 * slowness,
    hookTimeout: 180_000 * slowness,
    fileParallelism: false,
  },
})
