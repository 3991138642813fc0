// Runs a PostgreSQL tool to its end.
import { spawn } from 'node:child_process'
import { asUser, type RunAs } from '@/lib/postgres/run-as'

/** What PostgreSQL and its tools need of ours. Its scripts and its superusers see all that it has: no secret, no PG… variable. */
const KEPT = new Set(['PATH', 'HOME', 'USER', 'LOGNAME', 'TMPDIR', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH'])

/** The environment for PostgreSQL, with messages in English. */
export function postgresEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => KEPT.has(name))
  return { ...(Object.fromEntries(kept) as NodeJS.ProcessEnv), LC_ALL: 'C', TZ: 'UTC' }
}

/** Resolves with what the tool printed; throws with its last lines when it fails or `abort` fires. */
export function run(runAs: RunAs, file: string, args: string[], abort?: AbortSignal): Promise<string> {
  const command = asUser(runAs, file, args)
  return new Promise((resolve, reject) => {
    const child = spawn(command.file, command.args, {
      ...command.options,
      cwd: '/',
      env: postgresEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: abort,
    })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve(output) : reject(new Error(output.trim()))))
  })
}
