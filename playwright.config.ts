import { defineConfig } from '@playwright/test'
import { findBrowser } from '@/scripts/test/browser'
import { slowness } from '@/scripts/test/slowness'

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  globalSetup: './e2e/fixtures/global-setup.ts',
  // One product is under test, and some tests break it on purpose.
  workers: 1,
  timeout: 60_000 * slowness,
  expect: { timeout: 5_000 * slowness },
  use: {
    // The scripts of the pages stay in the browser's cache from one test to the next, as with whoever uses the product.
    reuseContext: true,
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
