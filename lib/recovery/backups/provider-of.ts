import { env } from '@/lib/env'
import { Problem } from '@/lib/http/problem'
import { localProvider } from '@/lib/recovery/backups/local'
import { pgBackRestProvider } from '@/lib/recovery/backups/pgbackrest'
import type { Provider } from '@/lib/recovery/backups/provider'

/** What makes the backups of this installation; null where nothing does. */
export function findProvider(): Provider | null {
  const { BACKUP_PROVIDER, BACKUP_REPOSITORY, BACKUP_SECONDARY_STORAGE } = env()
  const { BACKUP_PGBACKREST_CONFIG, BACKUP_STANZA } = env()
  if (BACKUP_PROVIDER === 'pgbackrest')
    return pgBackRestProvider({
      binary: 'pgbackrest',
      config: BACKUP_PGBACKREST_CONFIG ?? null,
      stanza: BACKUP_STANZA,
    })
  if (BACKUP_PROVIDER === 'local' && BACKUP_REPOSITORY)
    return localProvider(BACKUP_REPOSITORY, BACKUP_SECONDARY_STORAGE ?? null, env())
  return null
}

/** The same, where it is needed. @throws Problem 409 where nothing makes backups */
export function theProvider(): Provider {
  const provider = findProvider()
  if (!provider)
    throw new Problem(409, 'Nothing makes backups here: set BACKUP_PROVIDER, as deploy/README.md says.')
  return provider
}
