import type { Db } from '@/db/connect'
import type { Intervals } from '@/db/queries/analytics/intervals'
import { countRecords } from '@/db/queries/analytics/rollups/count-records'
import { countSubjects } from '@/db/queries/analytics/rollups/count-subjects'
import type { Source } from '@/db/queries/analytics/rollups/question'
import { type Asked, askRollups } from '@/lib/analytics/parameters/ask'

const SOURCES: [Source, ...Source[]] = ['event', 'page']

/** Events of a range that match a filter, as one snapshot of the database sees them. */
export interface Events extends Asked {
  tx: Db
}

/** Events, distinct users and sessions of the whole range. */
export async function measureTotals(events: Events) {
  const question = askRollups(events, SOURCES)
  const [[counts], [users], [sessions]] = await Promise.all([
    countRecords(events.tx, question, {}),
    countSubjects(events.tx, 'user', question, {}),
    countSubjects(events.tx, 'session', question, {}),
  ])
  return {
    events: counts?.records ?? 0,
    users: users?.count ?? 0,
    sessions: sessions?.count ?? 0,
    averageDurationMs: counts && counts.durations > 0 ? counts.durationMs / counts.durations : null,
  }
}

/** Events and distinct users by interval, intervals without events included. */
export async function measureSeries(events: Events, intervals: Intervals) {
  const question = askRollups(events, SOURCES, { interval: intervals.name })
  const [counts, users] = await Promise.all([
    countRecords(events.tx, question, { intervals }),
    countSubjects(events.tx, 'user', question, { intervals }),
  ])
  const eventsAt = new Map(counts.map((row) => [row.at, row.records]))
  const usersAt = new Map(users.map((row) => [row.at, row.count]))
  return intervals.starts.map((at) => ({ at, events: eventsAt.get(at) ?? 0, users: usersAt.get(at) ?? 0 }))
}

/** Events and users by fields, most events first; users are counted for these rows alone. */
export async function measureBy(events: Events, by: string[], limit: number) {
  const question = askRollups(events, SOURCES, { by })
  const counts = await countRecords(events.tx, question, { by }, limit)
  const only = counts.map((row) => [row.value, row.second].slice(0, by.length))
  const users = await countSubjects(events.tx, 'user', question, { by, only })
  const key = (row: { value: string; second: string }) => JSON.stringify([row.value, row.second])
  const usersOf = new Map(users.map((row) => [key(row), row.count]))
  return counts.map((row) => ({
    value: row.value,
    second: row.second,
    events: row.records,
    users: usersOf.get(key(row)) ?? 0,
  }))
}
