import { setTimeout as sleep } from 'node:timers/promises'
import { parseLsn, walkArchive } from '@/lib/recovery/backups/archive'
import type { Provider } from '@/lib/recovery/backups/provider'
import { eventually } from '@/scripts/cluster/testing'
import type { BackupRig } from './pgbackrest-rig'

export const ROWS = 200_000
export const WAIT_MS = 90_000

/** Tables that a backup takes some seconds of. */
export async function loadRows({ sql }: BackupRig): Promise<void> {
  await sql`create table records (id bigint primary key, note text not null)`
  await sql`create table ballast as
    select i, md5(i::text) || md5((i + 1)::text) as note from generate_series(1, 400000) i`
  await sql`insert into records select i, md5(i::text) from generate_series(1, ${ROWS}) i`
}

/** Has all that is written until now archived, and waits until it is. */
export async function untilArchived(
  rig: BackupRig,
  provider: Provider,
  repositories: number[],
): Promise<void> {
  const [{ lsn = '' } = {}] = await rig.sql<{ lsn: string }[]>`select pg_switch_wal()::text as lsn`
  for (const repository of repositories)
    await eventually(
      `repository ${repository} has all WAL`,
      async () => {
        const inventory = await provider.take(repository)
        const last = inventory.backups.at(-1)
        return last !== undefined && walkArchive(last, inventory).reach >= parseLsn(lsn)
      },
      WAIT_MS,
    )
}

/** Writes one row after another until it is stopped. @returns the ids that were acknowledged */
export function startWriter(sql: BackupRig['sql']): { stop(): Promise<number[]> } {
  const ids: number[] = []
  let stopping = false
  const work = (async () => {
    for (let id = ROWS + 1; !stopping; id++) {
      const stored = await sql`insert into records values (${id}, md5(${id}::text))`.then(
        () => true,
        () => false,
      )
      if (stored) ids.push(id)
      await sleep(5)
    }
  })()
  return {
    stop: async () => {
      stopping = true
      await work
      return ids
    },
  }
}
