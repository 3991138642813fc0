import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chromium } from '@playwright/test'

const installed = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
]

/**
 * The path of a Chromium: one that is installed, else Playwright's own download, else Debian's package where apt can be
 * used.
 *
 * @throws Error when none can be had
 */
export function findBrowser(): string {
  const named = process.env.CHROMIUM_PATH
  const found = [named, ...installed, chromium.executablePath()].find((path) => path && existsSync(path))
  if (found) return found
  console.log('No Chromium is installed: trying Playwright’s download …')
  spawnSync('npx', ['playwright', 'install', 'chromium'], { stdio: 'ignore', timeout: 180_000 })
  if (existsSync(chromium.executablePath())) return chromium.executablePath()
  console.log('That failed: trying Debian’s package …')
  const apt = (...args: string[]) =>
    spawnSync('apt-get', args, {
      stdio: 'ignore',
      timeout: 300_000,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
  apt('update')
  apt('install', '-y', '--no-install-recommends', 'chromium')
  const debian = installed.find((path) => existsSync(path))
  if (debian) return debian
  throw new Error('No Chromium can be had: install one, or set CHROMIUM_PATH.')
}
