import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chromium } from '@playwright/test'

/** Chromium without a window of its own draws a page in half the time of one that only hides its window. */
const shell = '/usr/bin/chromium-headless-shell'
const whole = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map(
  (name) => `/usr/bin/${name}`,
)

/**
 * The path of a Chromium, looked for once: the workers of a run inherit what was found.
 *
 * @throws Error when none can be had
 */
export function findBrowser(): string {
  process.env.CHROMIUM_PATH = search()
  return process.env.CHROMIUM_PATH
}

/**
 * The one that CHROMIUM_PATH names, else Debian's headless shell, which is installed where apt may be used, else whatever
 * is there, else Playwright's own download.
 */
function search(): string {
  const named = process.env.CHROMIUM_PATH
  const there = (...paths: (string | undefined)[]) => paths.find((path) => path && existsSync(path))
  const found = there(named, shell)
  if (found) return found
  if (process.getuid?.() === 0 && there('/usr/bin/apt-get')) {
    console.log('Installing Debian’s headless Chromium …')
    apt('update')
    apt('install', '-y', '--no-install-recommends', 'chromium-headless-shell')
  }
  const other = there(shell, chromium.executablePath(), ...whole)
  if (other) return other
  console.log('No Chromium is installed: trying Playwright’s download …')
  spawnSync('npx', ['playwright', 'install', 'chromium'], { stdio: 'ignore', timeout: 180_000 })
  if (existsSync(chromium.executablePath())) return chromium.executablePath()
  throw new Error('No Chromium can be had: install one, or set CHROMIUM_PATH.')
}

function apt(...args: string[]) {
  spawnSync('apt-get', args, {
    stdio: 'ignore',
    timeout: 300_000,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
}
