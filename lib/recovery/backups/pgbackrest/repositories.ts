import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Settings } from '@/lib/recovery/backups/pgbackrest/command'

const FILES = ['/etc/pgbackrest/pgbackrest.conf', '/etc/pgbackrest.conf']
const INCLUDED = '/etc/pgbackrest/conf.d'
const DEFAULT_PATH = '/var/lib/pgbackrest'

/**
 * The repositories that the configuration names, and where each is; nothing secret is shown. The first alone where the file
 * cannot be read: the error then comes from pgBackRest itself, at the first thing that it is asked.
 */
export function findRepositories({ config, stanza }: Settings): { number: number; location: string }[] {
  const texts = (config === null ? usualFiles() : [config]).map((file) => {
    try {
      return readFileSync(file, 'utf8')
    } catch {
      return ''
    }
  })
  return parseRepositories(texts.join('\n'), stanza, process.env)
}

function usualFiles(): string[] {
  const included = existsSync(INCLUDED) ? readdirSync(INCLUDED).filter((name) => name.endsWith('.conf')) : []
  return [...FILES.filter(existsSync).slice(0, 1), ...included.sort().map((name) => join(INCLUDED, name))]
}

/** Reads the repositories of a configuration; the environment (`PGBACKREST_REPO1_PATH`) goes before it. */
export function parseRepositories(
  text: string,
  stanza: string,
  environment: Record<string, string | undefined> = {},
): { number: number; location: string }[] {
  const options = new Map<string, string>()
  const sections = new Map<string, [string, string][]>()
  let section = ''
  for (const line of text.split('\n').map((one) => one.trim())) {
    const head = /^\[(.+)\]$/.exec(line)?.[1]
    if (head) section = head
    const [, name, value] = /^([a-z0-9-]+)\s*=\s*(.*)$/.exec(line) ?? []
    if (!head && name) sections.set(section, [...(sections.get(section) ?? []), [name, value ?? '']])
  }
  // What is told of one stanza goes before what is told of all.
  for (const one of ['global', stanza])
    for (const [name, value] of sections.get(one) ?? []) options.set(name, value)
  for (const [name, value] of Object.entries(environment)) {
    const option = /^PGBACKREST_(REPO\d+_.+)$/.exec(name)?.[1]
    if (option && value) options.set(option.toLowerCase().replaceAll('_', '-'), value)
  }
  const numbers = new Set([...options.keys()].map((name) => Number(/^repo(\d+)-/.exec(name)?.[1])))
  const found = [...numbers].filter((one) => one > 0).sort((a, b) => a - b)
  return (found.length > 0 ? found : [1]).map((number) => ({ number, location: locate(number, options) }))
}

function locate(number: number, options: Map<string, string>): string {
  const of = (name: string) => options.get(`repo${number}-${name}`)
  const path = of('path') ?? DEFAULT_PATH
  const type = of('type') ?? 'posix'
  const bucket = of(`${type}-bucket`) ?? of(`${type}-container`)
  if (bucket) return `${type}://${bucket}${path}`
  const host = of('host')
  return host ? `${host}:${path}` : path
}
