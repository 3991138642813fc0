import { verifyRepository } from '@/lib/recovery/backups/check'
import { drill } from '@/lib/recovery/backups/drill'
import { makeBackup } from '@/lib/recovery/backups/make'
import { restoreBeside } from '@/lib/recovery/restore/beside'
import { cutOver } from '@/lib/recovery/restore/cut-over'
import type { Works } from '@/lib/recovery/tasks/run'

/** What is done for each kind of task. */
export const works: Works = {
  backup: makeBackup,
  verify: verifyRepository,
  drill,
  restore: restoreBeside,
  'cut-over': cutOver,
}
