// Runs one of our TypeScript scripts after making sure that the packages are there.
// This file alone is plain JavaScript, because it must run before anything is installed.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [script, ...args] = process.argv.slice(2)

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 9)) {
  console.error(`Holdfast needs Node.js 20.9 or newer; this is ${process.versions.node}.`)
  process.exit(1)
}

process.chdir(root)
// Patches too: whoever has the packages already gets a new one with them.
const patches = existsSync('patches') ? readdirSync('patches').sort() : []
const hash = createHash('sha256')
for (const path of ['package-lock.json', ...patches.map((name) => join('patches', name))])
  hash.update(path).update(readFileSync(path))
const lock = hash.digest('hex')
const stamp = join('node_modules', '.holdfast-lock')
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  console.log('Installing packages (npm ci) …')
  const npm = spawnSync('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error'], { stdio: 'inherit' })
  if (npm.status !== 0) {
    console.error('npm ci failed; see above.')
    process.exit(1)
  }
  writeFileSync(stamp, lock)
}

process.argv = [process.argv[0], join(root, 'scripts', `${script}.ts`), ...args]
const { register } = await import('tsx/esm/api')
register()
await import(pathToFileURL(process.argv[1]).href)
