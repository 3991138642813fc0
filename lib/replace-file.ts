import { renameSync, writeFileSync } from 'node:fs'

/** Replaces a file that only its owner reads, so that nobody sees half of it. A crash may lose it: it is made anew soon. */
export function replaceFile(path: string, text: string): void {
  // Of this process alone: another may replace the same file.
  const temporary = `${path}.${process.pid}.tmp`
  writeFileSync(temporary, text, { mode: 0o600 })
  renameSync(temporary, path)
}
