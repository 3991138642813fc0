import { defineConfig } from '@playwright/test'
import { findBrowser } from '@/scripts/test/browser'

const MINUTE = 60_000

export default defineConfig({
  testDir: 'e2e',
  globalSetup: './e2e/fixtures/global-setup.ts',
  // For what hangs: how long anything may take is asserted in `faults` alone.
  timeout: 6 * MINUTE,
  expect: { timeout: 1.5 * MINUTE },
  retries: 2,
  workers: 4,
  projects: [
    { name: 'product', testMatch: /(api|pages)\/[\w-]+\.spec\.ts$/, workers: 2 },
    // Most of their time these wait, as a tracker does before it sends.
    { name: 'tracker', testMatch: /tracker\/[\w-]+(\.timed)?\.spec\.ts$/, fullyParallel: true, workers: 2 },
    // What kills, restarts or orders something that the others share: last, one after the other.
    {
      name: 'alone',
      testMatch: /\.alone\.spec\.ts$/,
      workers: 1,
      dependencies: ['product', 'tracker'],
    },
    { name: 'faults', testMatch: /\.(faults|timed)\.spec\.ts$/, workers: 1, retries: 0 },
  ],
  use: {
    // The scripts of the pages stay in the browser's cache from one test to the next, as with whoever uses the product.
    reuseContext: true,
    // Chromium takes most of the time there is: what moves is drawn again and again.
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      executablePath: findBrowser(),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
  },
})
