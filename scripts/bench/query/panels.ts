import type { Db } from '@/db/connect'
import { intervalsIn } from '@/db/queries/analytics/intervals'
import { readProgress } from '@/db/queries/analytics/rollups/progress'
import { type Events, measureBy, measureSeries, measureTotals } from '@/lib/analytics/events/measure'
import type { Range } from '@/lib/analytics/parameters/range'
import { DAYS, START } from './generate'

/** A question in three ways: as the product answers it, without rollups, and in ClickHouse's own SQL. */
export interface Panel {
  name: string
  /** Standard panels have a bound of 50 ms and of a third of ClickHouse's time. */
  standard: boolean
  answer(rollups: boolean): Promise<unknown>
  /** Several statements are asked one after the other. */
  clickhouse: string | string[]
  /** Both answers in one form, to be compared. */
  normalize(answer: never): unknown
}

const DAY_MS = 86_400_000
/** The last 30 days that there is data of. */
export const range: Range = {
  from: new Date(START + (DAYS - 30) * DAY_MS),
  to: new Date(START + DAYS * DAY_MS),
  timezone: 'UTC',
  now: new Date(START + DAYS * DAY_MS),
}

export const within = `occurred_at >= '${range.from.toISOString().slice(0, 10)} 00:00:00' and occurred_at < '${range.to.toISOString().slice(0, 10)} 00:00:00'`
const filters: { name: string; equal: Record<string, string> }[] = [
  { name: '', equal: {} },
  { name: ', device = mobile', equal: { device: 'mobile' } },
  { name: ', name = search', equal: { name: 'search' } },
  { name: ', category = shop', equal: { category: 'shop' } },
  { name: ', page = /page/3', equal: { page: '/page/3' } },
]

/** Panels about events, each unfiltered and filtered by a standard dimension. */
export function eventPanels(db: Db, projectId: string): Panel[] {
  const events = async (equal: Record<string, string>, rollups: boolean): Promise<Events> => {
    const progress = await readProgress(db, projectId)
    return {
      tx: db,
      filter: { projectId, from: range.from, to: range.to, equal, properties: {}, context: {} },
      range,
      progress: rollups ? progress : { ...progress, timezone: null },
    }
  }
  return filters.flatMap(({ name, equal }) => {
    const where = [within, ...Object.entries(equal).map(([field, value]) => `${field} = '${value}'`)].join(
      ' and ',
    )
    const by = (fields: string[]): Panel => ({
      name: `events by ${fields.join(' and ')}${name}`,
      standard: true,
      answer: async (rollups) => measureBy(await events(equal, rollups), fields, 20),
      clickhouse: `select ${fields.map((field) => `coalesce(${field}, '')`).join(" || '/' || ")} as value, count() as events, uniqExact(user_id) as users
        from bench.user_events where ${where} group by value order by events desc, value limit 20`,
      normalize: (rows: { value: string; second?: string; events: number; users: number }[]) =>
        rows
          .map(
            (row) =>
              `${[row.value, row.second]
                .filter((part) => part !== undefined)
                .slice(0, fields.length)
                .join('/')}: ${row.events} by ${row.users}`,
          )
          .sort(),
    })
    const panels: Panel[] = [
      {
        name: `events, users, sessions${name}`,
        standard: true,
        answer: async (rollups) => [await measureTotals(await events(equal, rollups))],
        clickhouse: `select count() as events, uniqExact(user_id) as users, uniqExact(session_id) as sessions,
          avg(duration_ms) as averageDurationMs from bench.user_events where ${where}`,
        normalize: ([row]: Record<string, number | null>[]) =>
          [row?.events, row?.users, row?.sessions, row?.averageDurationMs?.toFixed(3)].join(),
      },
      {
        name: `events and users by day${name}`,
        standard: true,
        answer: async (rollups) => measureSeries(await events(equal, rollups), intervalsIn(range, 'day')),
        clickhouse: `select toDate(occurred_at, 'UTC') as at, count() as events, uniqExact(user_id) as users
          from bench.user_events where ${where} group by at order by at`,
        normalize: (rows: { at: string; events: number; users: number }[]) =>
          rows.map((row) => `${row.at.slice(0, 10)}: ${row.events} by ${row.users}`),
      },
      by(['name', 'type']),
      by(['device']),
    ]
    return equal.page || equal.name || equal.category
      ? panels.filter((panel) => !equal.page || !panel.name.includes('name and'))
      : [...panels, by(['page'])]
  })
}
