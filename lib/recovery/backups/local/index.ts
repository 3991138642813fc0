import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { ifGone } from '@/lib/postgres/data-files'
import { archiveNow } from '@/lib/recovery/backups/await-archive'
import { copyCluster } from '@/lib/recovery/backups/local/back-up'
import { expireStorage } from '@/lib/recovery/backups/local/expire'
import { markIncrement } from '@/lib/recovery/backups/local/incremental'
import { takeInventory, toBackup, WAL } from '@/lib/recovery/backups/local/inventory'
import { BACKUPS, readManifest, recordName } from '@/lib/recovery/backups/local/manifest'
import { claim } from '@/lib/recovery/backups/local/marker'
import { replicateStorage } from '@/lib/recovery/backups/local/replicate'
import { restoreFiles } from '@/lib/recovery/backups/local/restore'
import type { S3Settings } from '@/lib/recovery/backups/local/s3-client'
import { s3Storage } from '@/lib/recovery/backups/local/s3-storage'
import { folderStorage, type Storage } from '@/lib/recovery/backups/local/storage'
import { verifyStorage } from '@/lib/recovery/backups/local/verify'
import type { Provider } from '@/lib/recovery/backups/provider'
import { backupRecord } from '@/lib/recovery/backups/record'
import { formatBytes } from '@/lib/recovery/format'
import { readTopology } from '@/lib/recovery/topology/service'

/**
 * What backs the local cluster up: copies of its folder, the WAL that it archives, and a second copy of both.
 *
 * @param primary a folder: PostgreSQL itself archives there
 * @param secondary a folder or an address of S3
 */
export function localProvider(primary: string, secondary: string | null, s3: S3Settings): Provider {
  const second = secondary?.startsWith('s3://')
    ? s3Storage(secondary, s3)
    : secondary && folderStorage(secondary)
  const storages = [folderStorage(primary), ...(second ? [second] : [])]
  const first = storages[0] as Storage
  const of = (repository: number): Storage => {
    const storage = storages[repository - 1]
    if (!storage) throw new Error('There is no second repository: BACKUP_SECONDARY_STORAGE names none.')
    return storage
  }
  const provider: Provider = {
    kind: 'local',
    copies: true,
    repositories: storages.map(({ location }, index) => ({ number: index + 1, location })),
    take: (repository) => takeInventory(of(repository)),
    async backUp(kind, progress, abort) {
      const manifest =
        kind === 'full'
          ? await copyCluster(first, progress, abort)
          : await markIncrement(first, (base) => archiveNow(provider, base, abort))
      return toBackup(manifest)
    },
    verify: (repository, progress, abort) => verifyStorage(of(repository), progress, abort),
    restore: (order, progress, abort) => restoreFiles(of(order.repository), order, progress, abort),
    async replicate(progress, abort) {
      const [from, to] = storages
      if (!from || !to) return 'there is no second repository'
      await claim(to, await findIdentifier(from))
      const { files, bytes } = await replicateStorage(from, to, progress, abort)
      return files === 0 ? 'nothing was missing there' : `${files} files, ${formatBytes(bytes)}, compared`
    },
    async mark() {
      const names = await Promise.all([first.names(WAL), first.names(BACKUPS)])
      return createHash('sha256').update(JSON.stringify(names)).digest('hex')
    },
    async readRecord(repository, backup) {
      const content = await text(of(repository).get(recordName(backup))).catch(ifGone(null))
      return content === null ? null : backupRecord.parse(JSON.parse(content))
    },
    async keepRecord(backup, record) {
      await first.put(recordName(backup), Readable.from([Buffer.from(JSON.stringify(record))]))
    },
    async expire(keepFull, windowDays) {
      const done = []
      for (const [index, storage] of storages.entries()) {
        // One that is away keeps what it has: its turn comes with the next backup.
        const gone = await expireStorage(storage, index + 1, keepFull, windowDays).catch((error: Error) => {
          if (index === 0) throw error
          return error.message
        })
        done.push(
          typeof gone === 'string' ? gone : `${gone.backups} backups and ${gone.segments} WAL files removed`,
        )
      }
      return done.join('; in the second: ')
    },
  }
  return provider
}

/** Which cluster the first repository is of, as its backups say with every member down, or a member where it has none. */
async function findIdentifier(first: Storage): Promise<string> {
  for (const id of await first.names(BACKUPS)) {
    const manifest = await readManifest(first, id).catch(() => null)
    if (manifest) return manifest.systemIdentifier
  }
  const { members } = await readTopology()
  const known = members.find(({ facts }) => facts)?.facts?.systemIdentifier
  if (!known) throw new Error('No member answers: nobody can say whether the second repository is theirs.')
  return known
}
