import { unescapeField } from './clean-text'

/** One line of a web server's log. */
export interface LogLine {
  address: string
  /** When it happened, in milliseconds since 1970. */
  at: number
  /** The same time as the log has it, in ISO 8601 with the log's own offset. */
  occurredAt: string
  /** The first word of the request; whatever there is, where the request is garbage. */
  method: string
  /** Path and query, or a whole address in a proxy's log; empty where the request has none. */
  target: string
  status: number
  /** Of the body; the log has `-` for none. */
  bytes: number
  /** Empty for `-`. */
  referrer: string
  /** Empty for `-`. */
  agent: string
  /** Whether the log says agents at all: where it does, one without is no browser. */
  hasAgent: boolean
}

const TEXT = '(?:[^"\\\\]|\\\\.)*'
const QUOTED = `"(${TEXT})"`
const ADDRESS = '(?:\\d{1,3}(?:\\.\\d{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.%]+)'
// The user's name may hold spaces; the time after it ends it. An address in the second place comes after a virtual host.
const CLIENT = `(\\S+) (?!${ADDRESS} )\\S+ .+? `
const CLIENT_OF_HOST = `\\S+ (${ADDRESS}) \\S+ .+? `
const ANSWER = `\\[([^\\]]{20,40})\\] ${QUOTED} (\\d{3}) (\\d+|-)`
// More fields may follow: how long it took, or for whom a proxy asked.
const FIELD = `(?:[^"\\s]+(?:"${TEXT}")?|"${TEXT}")`
const AGENT = ` ${QUOTED} ${QUOTED}(?: (${FIELD}(?: ${FIELD})*))?`

const layouts = {
  combined: new RegExp(`^${CLIENT}${ANSWER}${AGENT}$`),
  common: new RegExp(`^${CLIENT}${ANSWER}(?: [^"]*)?$`),
  vhost: new RegExp(`^${CLIENT_OF_HOST}${ANSWER}(?:${AGENT})?$`),
}
export type Layout = keyof typeof layouts
/** nginx's `main` format ends with the addresses that a proxy before it says it asked for. */
const FORWARDED = new RegExp(`^"(${ADDRESS})[,"]`)
const TIME = /^(\d{2})\/([A-Z][a-z]{2})\/(\d{4}):(\d{2}):(\d{2}):(\d{2}) ([+-]\d{2})(\d{2})$/
const REQUEST = /^(\S+)(?: +(.*?))?(?: +HTTP\/\d(?:\.\d)?)?$/s
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Reads one line; null for one that is not of this layout or has an impossible date. */
export function parseLine(line: string, layout: Layout = 'combined'): LogLine | null {
  const match = layouts[layout].exec(line)
  if (!match) return null
  const [, client = '', when = '', request = '', status = '', bytes = '', referrer, agent, rest = ''] = match
  const time = parseTime(when)
  if (!time) return null
  return {
    address: FORWARDED.exec(rest)?.[1] ?? client,
    ...time,
    ...parseRequest(unescapeField(request)),
    status: Number(status),
    bytes: bytes === '-' ? 0 : Number(bytes),
    referrer: field(referrer),
    agent: field(agent),
    hasAgent: agent !== undefined,
  }
}

/** A time as such logs write it: `17/May/2015:10:05:03 +0000`; null for an impossible one. */
export function parseTime(text: string): Pick<LogLine, 'at' | 'occurredAt'> | null {
  const match = TIME.exec(text)
  if (!match) return null
  const [, day = '', month = '', year = '', hour = '', minute = '', second = '', hours = '', minutes = ''] =
    match
  return isoTime(
    [year, String(MONTHS.indexOf(month) + 1).padStart(2, '0'), day],
    // A leap second, which ISO times in JavaScript do not know.
    [hour, minute, second === '60' ? '59' : second],
    [hours, minutes],
  )
}

type Three = [string, string, string]

function isoTime(date: Three, clock: Three, offset: [string, string]) {
  const local = `${date.join('-')}T${clock.join(':')}`
  const utc = Date.parse(`${local}Z`)
  // 30 February parses, as a day in March.
  if (Number.isNaN(utc) || new Date(utc).toISOString().slice(0, 19) !== local) return null
  const occurredAt = `${local}${offset.join(':')}`
  const at = Date.parse(occurredAt)
  return Number.isNaN(at) ? null : { at, occurredAt }
}

/** Method and target of a request's first line. */
export function parseRequest(request: string): { method: string; target: string } {
  const [, method = '', target = ''] = REQUEST.exec(request) ?? []
  return { method, target: /^HTTP\/\d(?:\.\d)?$/.test(target) ? '' : target }
}

const field = (text: string | undefined): string =>
  text === undefined || text === '-' ? '' : unescapeField(text).trim()
