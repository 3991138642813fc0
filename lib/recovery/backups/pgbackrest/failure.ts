import type { BackupProblem } from '@/lib/recovery/backups/contract'
import { ProviderError } from '@/lib/recovery/backups/provider'

/** What pgBackRest could not do. The message is one line: what is wrong, and what to do. */
export class PgBackRestError extends ProviderError {
  constructor(
    problem: BackupProblem,
    /** Its exit code; null when it did not end by itself. */
    readonly code: number | null = null,
    /** What it had written before it failed. */
    readonly output = '',
  ) {
    super(problem)
    this.name = 'PgBackRestError'
  }
}

/** Exit codes of pgBackRest: https://github.com/pgbackrest/pgbackrest/blob/main/src/build/error/error.yaml */
export const CODES = { format: 29, lockAcquire: 50, fileMissing: 55, crypto: 95 } as const

const actions: Record<number, string> = {
  31: 'Its version does not know an option that is needed here: 2.45 or newer is.',
  32: 'Correct its configuration file.',
  37: 'Add what is missing to its configuration file.',
  41: 'Give the user that runs Holdfast the right to read it.',
  42: 'Give the user that runs Holdfast the right to read it.',
  40: 'Choose an empty folder.',
  44: 'The stanza belongs to another database: run `pgbackrest stanza-upgrade` after an upgrade of PostgreSQL, else correct pg1-path.',
  45: 'Two servers archive into this stanza: end archiving on the one that does not lead.',
  47: 'Give the user that runs Holdfast the right to write there.',
  49: 'See whether the machine of the repository can be reached.',
  50: 'Another backup or expiry is under way on this machine: wait for its end.',
  51: 'The stanza belongs to another database: run `pgbackrest stanza-upgrade` after an upgrade of PostgreSQL, else correct pg1-path.',
  56: 'See that the leader runs, and that pg1-path, pg1-port and pg1-socket-path lead to it.',
  62: 'Somebody ran `pgbackrest stop`: run `pgbackrest start` when that is over.',
  63: 'It was ended from outside: start it again.',
  64: 'See whether the disk of the repository is full, and whether the user that runs Holdfast may write there.',
  75: 'Choose a backup that the repository lists.',
  82: 'WAL does not reach the archive: see archive_command and the log of PostgreSQL, then `pgbackrest check`.',
  87: 'Set archive_mode to on and restart PostgreSQL.',
  101: 'The service of the repository failed: try again later.',
  105: 'See the keys of the repository in the configuration file.',
}

interface Started {
  command: string
  settings: { binary: string }
  repository?: number
}

type End =
  | { cannotStart: Error }
  | { code: number | null; log: string[]; output: string; lateAfterMs: number | null }

/** Makes an error of how a run ended. */
export function toFailure({ command, settings, repository }: Started, end: End): PgBackRestError {
  const where = `pgbackrest ${command}${repository === undefined ? '' : ` of repository ${repository}`}`
  if ('cannotStart' in end)
    return new PgBackRestError({
      what: `${settings.binary} cannot be started (${end.cannotStart.message})`,
      action: 'Install pgBackRest where Holdfast runs.',
    })
  const { code, log, output, lateAfterMs } = end
  if (lateAfterMs !== null)
    return new PgBackRestError(
      {
        what: `${where} gave no answer within ${Math.round(lateAfterMs / 1000)} s`,
        action: 'See whether the repository can be reached from here.',
      },
      code,
      output,
    )
  const { what, hint, details } = readError(log)
  if (code === null)
    return new PgBackRestError(
      { what: `${where} was killed`, action: 'Start it again; what it began is not listed.' },
      code,
      output,
    )
  const action = isUnreadable(code, details)
    ? correctKey(repository)
    : (actions[code] ?? actionOf(code, what, hint))
  return new PgBackRestError(
    { what: `${where} failed (${code}): ${what || 'without a word'}`, action },
    code,
    output,
  )
}

/** What to do when nothing can be made of a repository's files. */
export const correctKey = (repository: number | undefined): string =>
  `repo${repository ?? 1}-cipher-pass is not what the repository was made with, or the file is damaged: correct it in the configuration file.`

/** With a wrong key a file is noise: either the cipher sees it, or what reads the noise. */
export const isUnreadable = (code: number, text: string): boolean =>
  code === CODES.crypto ||
  (code === CODES.format && /key\/value found outside of section|invalid header/.test(text)) ||
  /CryptoError|cipher header invalid|unable to flush/.test(text)

function actionOf(code: number, what: string, hint: string): string {
  if (code === CODES.fileMissing && /\.info'/.test(what))
    return 'The repository is away or was never made: see that it is mounted, else run `pgbackrest stanza-create`.'
  if (/No space left/.test(what)) return 'The disk of the repository is full: make room.'
  return hint || 'See its log.'
}

/** The error in its log, without what is no text; its first hint apart. */
export function readError(log: string[]): { what: string; hint: string; details: string } {
  const at = log.findIndex((line) => line.startsWith('ERROR:'))
  const [first = '', ...after] = at < 0 ? log.slice(-1) : log.slice(at)
  const next = after.findIndex((line) => /^(INFO|WARN|ERROR):/.test(line))
  const more = after.slice(0, next < 0 ? undefined : next).map((line) => line.trim())
  const what = first.replace(/^ERROR: \[\d+\]: /, '')
  const hint = more.find((line) => line.startsWith('HINT: '))?.slice('HINT: '.length) ?? ''
  return { what: clean(what), hint: clean(hint), details: [what, ...more].join(' ') }
}

/** One line that can be shown, whatever a file held. */
export const clean = (text: string): string =>
  text
    .replace(/[^\P{C}\n]|\uFFFD/gu, '')
    .split('\n')[0]
    ?.replace(/:$/, '')
    .trim()
    .slice(0, 400) ?? ''
