// Where everything of the local cluster lives on disk.
import { chmodSync, existsSync, mkdirSync, readdirSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'

export const CLUSTER = 'holdfast'
export const MEMBERS = ['a', 'b'] as const
export type MemberName = (typeof MEMBERS)[number]

export interface Home {
  root: string
  /** The first repository of backups; its archive is where the members' WAL goes. */
  repository: string
  archive: string
  log: string
  state: string
  secrets: string
  lock: string
  archiveCommand: string
  restoreCommand: string
}

/** The paths of the cluster under `dataDir`; makes the folder `dataDir/cluster` (0700) if it is not there. */
export function openHome(dataDir: string): Home {
  const made = join(dataDir, 'cluster')
  if (!existsSync(made)) {
    mkdirSync(made, { recursive: true })
    chmodSync(made, 0o700)
  }
  // PostgreSQL reports resolved paths, and we compare with them.
  const root = realpathSync(made)
  const repository = join(dirname(root), 'repository')
  return {
    root,
    repository,
    archive: join(repository, 'wal'),
    log: join(root, 'log'),
    state: join(root, 'state.json'),
    secrets: join(root, 'secrets.json'),
    lock: join(root, 'lock'),
    archiveCommand: join(root, 'archive-wal'),
    restoreCommand: join(root, 'restore-wal'),
  }
}

/** The data folder of a member. */
export function dataFolder(home: Home, member: MemberName): string {
  return join(home.root, member)
}

/** The other member: with two, the one to replicate from or to. */
export function otherMember(member: MemberName): MemberName {
  return member === 'a' ? 'b' : 'a'
}

/** True for a data folder that PostgreSQL could start from. */
export function isDataFolder(folder: string): boolean {
  return existsSync(join(folder, 'PG_VERSION')) && existsSync(join(folder, 'global', 'pg_control'))
}

/** True for a data folder that would start as a standby. */
export function isStandby(folder: string): boolean {
  return existsSync(join(folder, 'standby.signal'))
}

/** The newest timeline that a data folder has begun or heard of, by its history files; 1 without any. */
export function newestTimeline(folder: string): number {
  const names = readdirSync(join(folder, 'pg_wal')).filter((name) => /^[0-9A-F]{8}\.history$/.test(name))
  return Math.max(1, ...names.map((name) => Number.parseInt(name, 16)))
}
