import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** Where the packages are kept from one run to the next. */
export const HA_CACHE = resolve('node_modules/.cache/holdfast-ha')

const PACKAGES = ['patroni', 'etcd-server', 'postgresql-15', 'pgbackrest']
const PROGRAMS = ['usr/bin/patroni', 'usr/bin/etcd', 'usr/bin/pgbackrest']

/** Debian's packages, unpacked; nothing is installed or started by them. */
export interface Packages {
  /** PostgreSQL's programs. */
  postgres: string
  etcd: string
  pgBackRest: string
  /** What runs Patroni: a Python and its arguments. */
  patroni: string[]
  /** What these programs need in their environment. */
  env: Record<string, string>
}

/** Debian's packages cannot be had here; the message says which, and why. */
export class Unavailable extends Error {}

/** Brings what failover and pgBackRest take. @throws Unavailable */
export function bringPackages(folder: string): Packages {
  const root = bring(folder, PACKAGES, PROGRAMS)
  return {
    postgres: join(root, 'usr/lib/postgresql/15/bin'),
    etcd: join(root, 'usr/bin/etcd'),
    pgBackRest: join(root, 'usr/bin/pgbackrest'),
    patroni: ['/usr/bin/python3', join(root, 'usr/bin/patroni')],
    env: environmentOf(root),
  }
}

/** Whether they can be had; where not, that is said, and tests on them are skipped. */
export function havePackages(): boolean {
  try {
    bringPackages(HA_CACHE)
    return true
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error
    console.log(`SKIPPED: ${error.message}`)
    return false
  }
}

/** What programs need in their environment to find what was unpacked with them. */
export const environmentOf = (root: string): Record<string, string> => ({
  PATH: '/usr/bin:/bin',
  LD_LIBRARY_PATH: join(root, 'usr/lib/x86_64-linux-gnu'),
  PYTHONPATH: join(root, 'usr/lib/python3/dist-packages'),
  PYTHONDONTWRITEBYTECODE: '1',
})

/**
 * Brings packages, and what they need, with apt into a folder, unless they are there.
 *
 * @param files of them: a folder that was filled earlier may lack what came later
 * @returns the folder that they are unpacked in
 * @throws Unavailable
 */
export function bring(folder: string, packages: string[], files: string[]): string {
  const root = join(folder, 'root')
  if (!files.every((file) => existsSync(join(root, file)))) download(folder, root, packages)
  return root
}

function download(folder: string, root: string, packages: string[]): void {
  const debs = join(folder, 'debs')
  mkdirSync(join(debs, 'partial'), { recursive: true })
  mkdirSync(root, { recursive: true })
  try {
    try {
      install(debs, packages)
    } catch {
      // A machine that never asked Debian what there is.
      apt('update')
      install(debs, packages)
    }
    const files = readdirSync(debs).filter((name) => name.endsWith('.deb'))
    for (const name of files) execFileSync('dpkg-deb', ['-x', join(debs, name), root], { stdio: 'pipe' })
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string }
    const reason = (stderr || message).trim().split('\n').at(-1)
    throw new Unavailable(`${packages.join(', ')} of Debian cannot be had here: ${reason}`)
  }
}

/** The packages and what they need; also those that are installed already: perhaps on another path. */
const install = (debs: string, packages: string[]) =>
  apt(
    'install',
    '--download-only',
    '--no-install-recommends',
    '--reinstall',
    '-y',
    '-o',
    'Debug::NoLocking=true',
    '-o',
    `Dir::Cache::archives=${debs}`,
    ...packages,
  )

function apt(...args: string[]): void {
  execFileSync('apt-get', args, {
    stdio: 'pipe',
    encoding: 'utf8',
    timeout: 300_000,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
}
