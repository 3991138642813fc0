import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { StartError } from '@/scripts/start/options'

const SOURCES = [
  'app',
  'components',
  'db',
  'lib',
  'public',
  'instrumentation.ts',
  'next.config.ts',
  'proxy.ts',
  'tsconfig.json',
  'package-lock.json',
]
const STAMP = '.next/holdfast-build'
const LOCK = 'node_modules/.cache/holdfast-build.lock'
/** A lock older than this was left by a build that was killed, in milliseconds. */
const LOCK_AGE_MS = 10 * 60_000

/** Builds the application if a source changed since the last build. Two starts at once build once. */
export async function buildIfStale(say: (line: string) => void): Promise<void> {
  const wanted = hashSources()
  if (built() === wanted) return
  await takeLock()
  try {
    if (built() === wanted) return
    say('Building the application …')
    await runBuild()
    writeFileSync(STAMP, wanted)
  } finally {
    rmSync(LOCK, { recursive: true, force: true })
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
  const add = (path: string) => {
    const stat = statSync(path, { throwIfNoEntry: false })
    if (stat?.isDirectory()) for (const name of readdirSync(path).sort()) add(join(path, name))
    else if (stat) hash.update(path).update(readFileSync(path))
  }
  for (const source of SOURCES) add(source)
  return hash.digest('hex')
}

async function takeLock(): Promise<void> {
  mkdirSync('node_modules/.cache', { recursive: true })
  for (;;) {
    try {
      mkdirSync(LOCK)
      return
    } catch {
      const age = Date.now() - (statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? 0)
      if (age > LOCK_AGE_MS) rmSync(LOCK, { recursive: true, force: true })
      else await sleep(300)
    }
  }
}

function runBuild(): Promise<void> {
  rmSync(STAMP, { force: true })
  const child = spawn(process.execPath, ['node_modules/next/dist/bin/next', 'build'], {
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
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
