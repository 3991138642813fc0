import { parseJsonLine } from './json-line'
import { type LogLine, parseLine } from './parse-line'

interface Format {
  /** For the summary and the usage. */
  about: string
  parse(line: string): LogLine | null
}

/** The formats that are read. Of two that fit equally many lines the first is taken. */
export const formats = {
  combined: {
    about: 'Combined Log Format; nginx’s main, or a time or more after it',
    parse: (line) => parseLine(line, 'combined'),
  },
  vhost: {
    about: 'the same with the virtual host first, as Apache’s other_vhosts_access',
    parse: (line) => parseLine(line, 'vhost'),
  },
  common: { about: 'Common Log Format, without agents', parse: (line) => parseLine(line, 'common') },
  json: { about: 'a JSON object on each line, as nginx, Caddy and Traefik write it', parse: parseJsonLine },
} satisfies Record<string, Format>
export type FormatName = keyof typeof formats

export const formatNames = Object.keys(formats) as FormatName[]

/** Lines that are looked at. */
const SAMPLE = 1_000

/** The format that most of some lines are in; nothing, if none of them is in any. */
export function detectFormat(lines: string[]): FormatName | undefined {
  const counts = formatNames.map((name) => {
    const read = lines.slice(0, SAMPLE).filter((line) => formats[name].parse(line) !== null)
    return { name, read: read.length }
  })
  const most = counts.reduce((best, one) => (one.read > best.read ? one : best))
  return most.read === 0 ? undefined : most.name
}
