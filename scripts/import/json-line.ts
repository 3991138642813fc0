import { type LogLine, parseRequest, parseTime } from './parse-line'

/** By what names servers and proxies call the fields of a line: nginx, Apache, Caddy, Traefik, HAProxy and their like. */
const names = {
  address: ['remote_addr', 'remote_ip', 'client_ip', 'clientip', 'client', 'ip', 'ClientHost', 'remoteIP'],
  forwarded: ['http_x_forwarded_for', 'x_forwarded_for', 'forwarded_for'],
  time: ['time_iso8601', 'time_local', 'timestamp', '@timestamp', 'time', 'ts', 'msec', 'StartUTC', 'date'],
  request: ['request', 'request_line'],
  method: ['request_method', 'method', 'verb', 'RequestMethod'],
  target: ['request_uri', 'uri', 'path', 'url', 'RequestPath'],
  status: ['status', 'status_code', 'response', 'DownstreamStatus'],
  bytes: ['body_bytes_sent', 'bytes_sent', 'bytes', 'size', 'DownstreamContentSize'],
  referrer: ['http_referer', 'http_referrer', 'referer', 'referrer', 'request_Referer', 'Referer'],
  agent: ['http_user_agent', 'user_agent', 'useragent', 'agent', 'request_User-Agent', 'User-Agent'],
} as const
type Field = keyof typeof names

/** Reads one line that is a JSON object; null for one that lacks a client, a time, a request or a status. */
export function parseJsonLine(line: string): LogLine | null {
  const fields = readObject(line)
  if (!fields) return null
  const text = (field: Field) =>
    textOf(names[field].map((name) => fields[name]).find((value) => value !== undefined))
  const time = readTime(text('time'))
  const [forwarded = ''] = text('forwarded').split(',')
  const address = forwarded.trim() || text('address')
  const { method, target } = text('target')
    ? { method: text('method') || 'GET', target: text('target') }
    : parseRequest(text('request'))
  const status = Number(text('status'))
  if (!time || !address || !target || !Number.isInteger(status) || status < 100) return null
  return {
    address,
    ...time,
    method,
    target,
    status,
    bytes: Number(text('bytes')) || 0,
    referrer: text('referrer'),
    agent: text('agent'),
    hasAgent: names.agent.some((name) => fields[name] !== undefined),
  }
}

/** The fields of a line, and beside them those of the request, which Caddy puts into an object with lists of headers. */
function readObject(line: string): Record<string, unknown> | null {
  if (!line.startsWith('{')) return null
  try {
    const fields = JSON.parse(line) as Record<string, unknown>
    const { request } = fields
    if (typeof request !== 'object' || request === null) return fields
    const { headers, ...rest } = request as Record<string, unknown>
    return { ...fields, request: undefined, ...rest, ...(headers as object) }
  } catch {
    return null
  }
}

function textOf(value: unknown): string {
  const one = Array.isArray(value) ? value[0] : value
  if (typeof one === 'number') return String(one)
  return typeof one === 'string' && one !== '-' ? one : ''
}

/** An ISO time with an offset, a time of the common layout, or seconds or milliseconds since 1970. */
function readTime(text: string): Pick<LogLine, 'at' | 'occurredAt'> | null {
  const common = parseTime(text)
  if (common) return common
  const at = /^\d+(?:\.\d+)?$/.test(text)
    ? Math.round(Number(text) * (Number(text) < 1e11 ? 1000 : 1))
    : /[Zz]$|[+-]\d{2}:?\d{2}$/.test(text)
      ? Date.parse(text)
      : Number.NaN
  return Number.isNaN(at) || at > 8.64e15 ? null : { at, occurredAt: new Date(at).toISOString() }
}
