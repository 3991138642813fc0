import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { postgresEnvironment } from '@/lib/postgres/run'
import { toFailure } from '@/lib/recovery/backups/pgbackrest/failure'

/** How pgBackRest is called. */
export interface Settings {
  /** The program, by its path or as PATH knows it. */
  binary: string
  /** Its configuration file; null for `/etc/pgbackrest/pgbackrest.conf`. */
  config: string | null
  stanza: string
}

export interface Call {
  /** What comes after the command, such as the path of `repo-ls`. */
  args?: string[]
  /** `--name=value`, or `--name` for a value of null. */
  options?: Record<string, string | null>
  /** Which repository it is about: not all commands can be told. */
  repository?: number
  timeoutMs?: number
  abort?: AbortSignal
  /** Gets each line of its log as it comes, from `level` on. */
  onLine?: (line: string) => void
  level?: 'warn' | 'info' | 'detail'
}

const TIMEOUT_MS = 60_000
/** It gives its lock back and removes what it began when it is asked to end; by force after this long. */
const PATIENCE_MS = 10_000
/** Lines of its log that an error is made of. */
const KEPT_LINES = 100

/**
 * Runs pgBackRest to its end.
 *
 * @returns what it wrote to its output
 * @throws PgBackRestError with one line that says what to do, also when it takes longer than `timeoutMs`; the reason of
 *   `abort` when that fires
 */
export async function runPgBackRest(settings: Settings, command: string, call: Call = {}): Promise<string> {
  const { abort, timeoutMs = TIMEOUT_MS, onLine } = call
  abort?.throwIfAborted()
  const child = spawn(settings.binary, toArguments(settings, command, call), {
    cwd: '/',
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output: Buffer[] = []
  const lines: string[] = []
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
  const reader = createInterface({ input: child.stderr })
  reader.on('line', (line) => {
    lines.push(line)
    if (lines.length > KEPT_LINES) lines.shift()
    onLine?.(line)
  })
  const late = AbortSignal.timeout(timeoutMs)
  const stop = AbortSignal.any([late, ...(abort ? [abort] : [])])
  let force: NodeJS.Timeout | undefined
  const end = () => {
    child.kill('SIGTERM')
    force = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS)
  }
  stop.addEventListener('abort', end, { once: true })
  const started = { command, settings, repository: call.repository }
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', (error) => reject(toFailure(started, { cannotStart: error })))
      child.on('close', resolve)
    })
    abort?.throwIfAborted()
    const text = Buffer.concat(output).toString('utf8')
    if (code === 0) return text
    throw toFailure(started, { code, log: lines, output: text, lateAfterMs: late.aborted ? timeoutMs : null })
  } finally {
    clearTimeout(force)
    stop.removeEventListener('abort', end)
    reader.close()
  }
}

/** The command line; `pgbackrest` takes its options before and after the command. */
export function toArguments(
  { config, stanza }: Settings,
  command: string,
  { args = [], options = {}, repository, level = 'warn' }: Call,
): string[] {
  const all = {
    ...(config === null ? {} : { config }),
    stanza,
    ...(repository === undefined ? {} : { repo: String(repository) }),
    // Its output is for what was asked; what it has to tell comes apart.
    'log-level-console': 'off',
    'log-level-stderr': level,
    'no-log-timestamp': null,
    ...options,
  }
  const given = Object.entries(all).map(([name, value]) =>
    value === null ? `--${name}` : `--${name}=${value}`,
  )
  return [...given, command, ...args]
}

/** Settings of pgBackRest can come by the environment, passwords above all; libpq's of the caller must not. */
function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => name.startsWith('PGBACKREST_'))
  return { ...postgresEnvironment(), ...Object.fromEntries(own) }
}
