// What tests do to the files of a repository.
import { execFileSync } from 'node:child_process'
import {
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

/** The biggest file of a backup, but for its manifests. */
export function biggest(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('backup.manifest'))
    .map((entry) => join(entry.parentPath, entry.name))
  return files.sort((a, b) => statSync(b).size - statSync(a).size)[0] ?? ''
}

/**
 * Puts a repository on a small disk of its own, while nothing is written to it. `fill` leaves so many MB free, until what it
 * answers is called; `unmount` puts the repository back where it was, with what it was.
 */
export function mountOver(repository: string): { fill(freeMb: number): () => void; unmount(): void } {
  const aside = `${repository}.before`
  const disk = `${repository}.disk`
  const { uid, gid, mode } = statSync(repository)
  mkdirSync(disk)
  execFileSync('mount', [
    '-t',
    'tmpfs',
    '-o',
    `size=256m,uid=${uid},gid=${gid},mode=${(mode & 0o777).toString(8)}`,
    'tmpfs',
    disk,
  ])
  execFileSync('cp', ['-a', `${repository}/.`, disk])
  renameSync(repository, aside)
  symlinkSync(disk, repository)
  return {
    fill(freeMb) {
      const path = join(disk, 'filler')
      const { bavail, bsize } = statfsSync(disk)
      writeFileSync(path, Buffer.alloc(bavail * bsize - freeMb * 2 ** 20))
      return () => rmSync(path)
    },
    unmount() {
      rmSync(repository)
      renameSync(aside, repository)
      execFileSync('umount', [disk])
    },
  }
}
