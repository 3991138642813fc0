import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { takeLock } from '@/lib/lock'
import { buildTracker, trackerFiles } from '@/scripts/start/build-tracker'
import { StartError } from '@/scripts/start/options'

const SOURCES = [
  'app',
  'components',
  'db',
  'lib',
  'public',
  'scripts/start/build-tracker.ts',
  'instrumentation.ts',
  'next.config.ts',
  'proxy.ts',
  'tsconfig.json',
  'package-lock.json',
]
const STAMP = '.next/holdfast-build'
const LOCK = 'node_modules/.cache/holdfast-build.json'

/**
 * Builds the application if a source changed since the last build, or it was for another base path, which is written into what
 * browsers load. Two starts at once build once.
 */
export async function buildIfStale(basePath: string, say: (line: string) => void): Promise<void> {
  const wanted = hashSources() + basePath
  if (built() === wanted) return
  const release = await untilOurs(say)
  try {
    if (built() === wanted) return
    say('Building the application …')
    await buildTracker()
    await runBuild(basePath)
    writeFileSync(STAMP, wanted)
  } finally {
    release()
  }
}

function built(): string | undefined {
  try {
    return readFileSync(STAMP, 'utf8')
  } catch {
    return undefined
  }
}

function hashSources(): string {
  const hash = createHash('sha256')
  const made = new Set(trackerFiles.map((name) => join('public', name)))
  const add = (path: string) => {
    const stat = statSync(path, { throwIfNoEntry: false })
    if (stat?.isDirectory()) for (const name of readdirSync(path).sort()) add(join(path, name))
    else if (stat && !made.has(path) && !path.endsWith('.test.ts'))
      hash.update(path).update(readFileSync(path))
  }
  for (const source of SOURCES) add(source)
  return hash.digest('hex')
}

/** Waits for another start that builds; one that was killed is not waited for. @returns what gives the lock back */
async function untilOurs(say: (line: string) => void): Promise<() => void> {
  mkdirSync('node_modules/.cache', { recursive: true })
  for (let told = false; ; await sleep(300)) {
    const taken = takeLock(LOCK, 'build')
    if ('release' in taken) return taken.release
    if (!told) say(`Process ${taken.holder.pid} builds the application: waiting for it …`)
    told = true
  }
}

function runBuild(basePath: string): Promise<void> {
  rmSync(STAMP, { force: true })
  const child = spawn(process.execPath, ['node_modules/next/dist/bin/next', 'build'], {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      NEXT_TELEMETRY_DISABLED: '1',
      HOLDFAST_BASE_PATH: basePath,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new StartError(`The build failed:\n${output.slice(-4000)}`)),
    )
  })
}
