import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeDurably } from '@/lib/durable'
import { withLock } from '@/lib/lock'
import type { Backup, BackupProblem } from '@/lib/recovery/backups/contract'
import type { StoredBackup } from '@/lib/recovery/backups/provider'
import { recoveryFolder } from '@/lib/recovery/folder'

/** What verification and drills have shown of a backup in one repository. */
export interface Proof {
  verified?: NonNullable<Backup['verified']> & { problems: BackupProblem[] }
  drilled?: NonNullable<Backup['drilled']> & { message: string }
}

/** By repository and backup; `archive` stands for a repository's WAL. */
export type Proofs = Record<string, Proof>

export const proofKey = (repository: number, backup: string): string => `${repository}/${backup}`

const path = (): string => join(recoveryFolder(), 'backup-proofs.json')

export function readProofs(): Proofs {
  try {
    return JSON.parse(readFileSync(path(), 'utf8')) as Proofs
  } catch {
    return {}
  }
}

/** Backups of a repository, with what its last verification has found wrong with them, which their provider does not know. */
export function withFindings(repository: number, backups: StoredBackup[]): StoredBackup[] {
  const proofs = readProofs()
  return backups.map((backup) => {
    const found = proofs[proofKey(repository, backup.id)]?.verified?.problems ?? []
    return { ...backup, problems: [...backup.problems, ...found] }
  })
}

/** Adds to what is known of backups; `keep` says which are still there. */
export async function addProofs(added: Proofs, keep: (key: string) => boolean = () => true): Promise<void> {
  await withLock(`${path()}.lock`, 'proofs', async () => {
    const known = readProofs()
    for (const [key, proof] of Object.entries(added)) known[key] = { ...known[key], ...proof }
    const kept = Object.fromEntries(Object.entries(known).filter(([key]) => keep(key)))
    await writeDurably(path(), JSON.stringify(kept))
  })
}
