import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { asUser, type RunAs } from '@/lib/postgres/run-as'
import type { Packages } from './packages'

/** The configuration that is deployed, on paths and a port of this test, with the second repository beside the first. */
export function configure(
  folder: string,
  data: string,
  port: number,
  makeFolder: (name: string) => string,
): string {
  const paths: Record<string, string> = {
    'repo1-path': join(folder, 'repo1'),
    'repo1-cipher-pass': 'the first',
    'repo2-type': 'posix',
    'repo2-path': join(folder, 'repo2'),
    'repo2-cipher-pass': 'the second',
    'log-path': makeFolder('log'),
    'lock-path': makeFolder('lock'),
    'spool-path': makeFolder('spool'),
    'pg1-path': data,
    'pg1-port': String(port),
    'pg1-socket-path': join(folder, 's'),
    'process-max': '1',
  }
  const lines = readFileSync('deploy/pgbackrest/pgbackrest.conf', 'utf8')
    .split('\n')
    .filter((line) => !/^repo2-s3-/.test(line))
    .map((line) => {
      const name = line.split('=')[0] ?? ''
      return name in paths ? `${name}=${paths[name]}` : line
    })
  for (const [name, value] of Object.entries(paths))
    if (!lines.includes(`${name}=${value}`))
      throw new Error(`deploy/pgbackrest/pgbackrest.conf sets no ${name}`)
  return lines.join('\n')
}

/**
 * A program that runs pgBackRest as the servers' user, whoever calls it: what it keeps is theirs. What it restores is of whoever
 * asked for it.
 */
export function wrap(folder: string, packages: Packages, runAs: RunAs): string {
  const path = join(folder, 'pgbackrest')
  const namespaced = asUser(runAs, packages.pgBackRest, [])
  const other = runAs.namespace
    ? [namespaced.file, ...namespaced.args].join(' ')
    : `setpriv --reuid=${runAs.uid} --regid=${runAs.gid} --clear-groups ${packages.pgBackRest}`
  writeFileSync(
    path,
    `#!/bin/sh
export LD_LIBRARY_PATH=${packages.env.LD_LIBRARY_PATH}
case " $* " in *" restore "*) exec ${packages.pgBackRest} "$@" ;; esac
if [ "$(id -u)" = 0 ]; then exec ${other} "$@"; else exec ${packages.pgBackRest} "$@"; fi
`,
  )
  chmodSync(path, 0o755)
  return path
}
