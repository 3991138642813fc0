import type { z } from 'zod'
import type { eventRecord } from '@/lib/analytics/events/contract'
import { classify, type LineClass, lineClasses } from './classify'
import { cleanText } from './clean-text'
import { detectFormat, type FormatName, formats } from './formats'
import { eventIdOf, lineDigest, visitorOf } from './identity'
import { splitLines } from './lines'
import type { LogLine } from './parse-line'
import { Sessions } from './sessions'

/** An event as the batch API takes it. */
export type LogEvent = z.input<typeof eventRecord>

export interface LogCounts {
  /** The one asked for, else the one that the lines are in; none until one of them is in any. */
  format: FormatName | undefined
  lines: number
  /** Every line is in one class, so these add up to `lines`. */
  classes: Record<LineClass, number>
  /** The time of the first and the last page view, in milliseconds since 1970; null while there is none. */
  first: number | null
  last: number | null
}

interface PageView {
  line: LogLine
  visitor: string
  id: string
}

/**
 * Servers write a line when a request ends, with the time at which it began, so a log is not quite in order. Page views
 * are held and sorted; one that is up to an hour late still gets its place.
 */
const LATENESS_MS = 3_600_000
/** Page views held before the oldest are handed on. A log with fewer is sorted as a whole. */
const HELD = 50_000

/**
 * Reads a log (uncompressed bytes) and makes events of its page views, in order of time. The counts grow while the events are
 * read and are whole when they end. Equal input gives equal events.
 *
 * @param format found by the first lines that are in any, if left out
 */
export function readLog(source: AsyncIterable<Uint8Array>, format?: FormatName, held = HELD) {
  const classes = Object.fromEntries(lineClasses.map((name) => [name, 0])) as Record<LineClass, number>
  const counts: LogCounts = { format, lines: 0, classes, first: null, last: null }
  return { counts, events: readEvents(source, counts, held) }
}

async function* readEvents(
  source: AsyncIterable<Uint8Array>,
  counts: LogCounts,
  held: number,
): AsyncGenerator<LogEvent> {
  const sessions = new Sessions()
  const seen = new Map<string, { times: number; at: number }>()
  let waiting: PageView[] = []
  let room = held
  for await (const lines of splitLines(source)) {
    counts.format ??= detectFormat(lines.map((bytes) => bytes.toString('utf8')))
    for (const bytes of lines) {
      const view = readPageView(bytes, counts, seen)
      if (view) waiting.push(view)
    }
    if (waiting.length < room) continue
    const until = (counts.last ?? 0) - LATENESS_MS
    const due = waiting.filter(({ line }) => line.at < until).sort(byTime)
    waiting = waiting.filter(({ line }) => line.at >= until)
    // A busy hour may fill the room by itself; sorting it again for every line would take for ever.
    room = Math.max(held, waiting.length * 2)
    for (const view of due) yield toEvent(view, sessions)
    sessions.forgetBefore(until)
    for (const [digest, { at }] of seen) if (at < until) seen.delete(digest)
  }
  for (const view of waiting.sort(byTime)) yield toEvent(view, sessions)
}

// The id settles the order within a second, so that sessions do not hang on the order of lines.
const byTime = (a: PageView, b: PageView): number => a.line.at - b.line.at || (a.id < b.id ? -1 : 1)

function readPageView(
  bytes: Buffer,
  counts: LogCounts,
  seen: Map<string, { times: number; at: number }>,
): PageView | null {
  const line = counts.format ? formats[counts.format].parse(bytes.toString('utf8')) : null
  const found = classify(line)
  counts.lines += 1
  counts.classes[found] += 1
  if (!line || found !== 'imported') return null
  counts.first = Math.min(counts.first ?? line.at, line.at)
  counts.last = Math.max(counts.last ?? line.at, line.at)
  const digest = lineDigest(bytes)
  const before = seen.get(digest)?.times ?? 0
  seen.set(digest, { times: before + 1, at: line.at })
  return { line, visitor: visitorOf(line.address, line.agent), id: eventIdOf(digest, before) }
}

function toEvent({ line, visitor, id }: PageView, sessions: Sessions): LogEvent {
  const referrer = cleanText(line.referrer, 2000)
  return {
    kind: 'event',
    id,
    type: 'page_view',
    name: 'page_view',
    anonymousId: visitor,
    sessionId: sessions.of(visitor, line.at),
    occurredAt: line.occurredAt,
    pageUrl: cleanText(line.target, 2000),
    ...(referrer && { referrer }),
    ...(line.agent && { userAgent: cleanText(line.agent, 1000) }),
    properties: { status: line.status, bytes: line.bytes },
  }
}
