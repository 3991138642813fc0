import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A small disk takes a mount, which an ordinary user may not make. */
export function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', folder], { stdio: 'ignore' })
    execFileSync('umount', [folder])
    return true
  } catch {
    console.log('A full disk is not tried: no tmpfs can be mounted here.')
    return false
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
