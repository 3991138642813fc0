import { unescapeField } from './clean-text'

/** One line of a log in Combined Log Format. */
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
}

const QUOTED = '"((?:[^"\\\\]|\\\\.)*)"'
const TIME = '\\[(\\d{2})/([A-Z][a-z]{2})/(\\d{4}):(\\d{2}):(\\d{2}):(\\d{2}) ([+-]\\d{2})(\\d{2})\\]'
// The user's name may hold spaces; the time after it ends it.
const LINE = new RegExp(`^(\\S+) \\S+ .+? ${TIME} ${QUOTED} (\\d{3}) (\\d+|-) ${QUOTED} ${QUOTED}$`)
const REQUEST = /^(\S+)(?: +(.*?))?(?: +HTTP\/\d(?:\.\d)?)?$/s
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Reads one line; null for one that is not Combined Log Format or has an impossible date. */
export function parseLine(line: string): LogLine | null {
  const match = LINE.exec(line)
  if (!match) return null
  const [, address = '', day = '', month = '', year = '', hour = '', minute = '', second = ''] = match
  const [offsetHours = '', offsetMinutes = '', request = '', status = '', bytes = ''] = match.slice(8)
  const time = isoTime(
    [year, String(MONTHS.indexOf(month) + 1).padStart(2, '0'), day],
    // A leap second, which ISO times in JavaScript do not know.
    [hour, minute, second === '60' ? '59' : second],
    [offsetHours, offsetMinutes],
  )
  if (!time) return null
  const { method, target } = parseRequest(request)
  return {
    address,
    ...time,
    method,
    target,
    status: Number(status),
    bytes: bytes === '-' ? 0 : Number(bytes),
    referrer: field(match[13]),
    agent: field(match[14]),
  }
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

function parseRequest(request: string): { method: string; target: string } {
  const [, method = '', target = ''] = REQUEST.exec(unescapeField(request)) ?? []
  return { method, target: /^HTTP\/\d(?:\.\d)?$/.test(target) ? '' : target }
}

const field = (text: string | undefined): string =>
  text === undefined || text === '-' ? '' : unescapeField(text).trim()
