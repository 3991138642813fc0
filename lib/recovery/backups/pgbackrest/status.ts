import type { BackupProblem } from '@/lib/recovery/backups/contract'
import { clean, correctKey, isUnreadable, PgBackRestError } from '@/lib/recovery/backups/pgbackrest/failure'
import type { Info } from '@/lib/recovery/backups/pgbackrest/info'

/** What a repository's status says, by the codes of `info`; null when all is well. */
export function statusProblem({ key, cipher, status }: Info['repo'][number]): BackupProblem | null {
  const repository = `Repository ${key}`
  switch (status.code) {
    case 0:
      return null
    case 1:
      return {
        what: `${repository} does not have the stanza: it is away, or it was never made`,
        action: 'See that its disk or bucket is there; run `pgbackrest stanza-create` only if it is new.',
      }
    case 2:
      return { what: `${repository} holds no backup yet`, action: 'Back up now.' }
    case 3:
      return {
        what: `${repository} has the stanza’s folder and nothing in it`,
        action: 'See that the right disk is mounted, then run `pgbackrest stanza-create`.',
      }
    case 4:
      return {
        what: `${repository} is in another state than the others`,
        action: 'See each repository by itself: `pgbackrest info --repo=N`.',
      }
    case 5:
      return {
        what: `${repository} has backups and WAL of different databases`,
        action: 'Run `pgbackrest stanza-upgrade` after an upgrade of PostgreSQL, then make a full backup.',
      }
    case 6:
      return { what: `${repository} does not have that backup`, action: 'Choose one that it lists.' }
    default:
      return {
        what: `${repository} cannot be read: ${clean(status.message)}`,
        action:
          cipher !== 'none' && isUnreadable(codeOf(status.message), status.message)
            ? correctKey(key)
            : 'See whether it can be reached and read from here.',
      }
  }
}

const codeOf = (message: string): number => (message.startsWith('[FormatError]') ? 29 : 0)

/** The status of the repository that was asked. @throws PgBackRestError when nothing can be had from it */
export function requireRepository(info: Info, repository: number): BackupProblem | null {
  const found = info.repo.find(({ key }) => key === repository)
  const problem = found
    ? statusProblem(found)
    : {
        what: `Repository ${repository} is not known to pgBackRest`,
        action: `Add repo${repository}-path to its configuration file.`,
      }
  if (problem && ![0, 2, 4, 5].includes(found?.status.code ?? -1)) throw new PgBackRestError(problem)
  return problem
}
