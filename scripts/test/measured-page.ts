import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import type { Report } from '@/scripts/test/reports'

const PAGE = 'docs/measured.md'

/** Prints what a long suite measured, and puts it in place of its last figures in `docs/measured.md`, with the commit and the date. */
export function keepMeasured(suite: string, file: string, { passed, failed }: Report): void {
  const rows = existsSync(file)
    ? readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { what: string; value: string })
    : []
  const table = [
    '| what | measured |',
    '|---|---|',
    ...rows.map(({ what, value }) => `| ${what} | ${value} |`),
  ]
  console.log(`\n${table.join('\n')}`)
  const title = `## npm run test:${suite}\n`
  const section = [title, tellWhere(), '', `${passed} passed, ${failed} failed.`, '', ...table, ''].join('\n')
  const page = readFileSync(PAGE, 'utf8')
  const [head = '', ...others] = page.split(/^(?=## )/m)
  const index = others.findIndex((one) => one.startsWith(title))
  if (index < 0) others.push(section)
  else others[index] = section
  writeFileSync(PAGE, `${[head, ...others].map((part) => part.trimEnd()).join('\n\n')}\n`)
}

/** The commit, the day and the machine. */
function tellWhere(): string {
  const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim()
  const changed = git('status', '--porcelain', '--untracked-files=no', '--', '.', `:!${PAGE}`) !== ''
  const commit = git('rev-parse', '--short=12', 'HEAD') + (changed ? ', with changes' : '')
  return `${commit}, ${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores.`
}
