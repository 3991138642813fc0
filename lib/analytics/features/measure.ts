import type { Db } from '@/db/connect'
import { groupBy } from '@/db/group-by'
import {
  breakDownUses,
  USE_COUNTS,
  type UseCounts,
  type Uses,
} from '@/db/queries/analytics/features/count-uses'
import {
  countUsesOverTime,
  findNewestCategories,
  listCategories,
  listErrors,
} from '@/db/queries/analytics/features/describe-features'
import type { Intervals } from '@/db/queries/analytics/intervals'
import { countErrors } from '@/db/queries/analytics/rollups/count-errors'
import { countRecords } from '@/db/queries/analytics/rollups/count-records'
import { countSubjects } from '@/db/queries/analytics/rollups/count-subjects'
import { countUses } from '@/db/queries/analytics/rollups/count-uses'
import { measureDurations } from '@/db/queries/analytics/rollups/measure-durations'
import type { Source } from '@/db/queries/analytics/rollups/question'
import { type Asked, askRollups, isRolledUp } from '@/lib/analytics/parameters/ask'
import { addUp, leftOf } from '@/lib/analytics/parameters/rest'

/** All actions and categories of a feature together are one class, which is asked where it can answer. */
const SOURCES: [Source, ...Source[]] = ['feature_name', 'feature']

/** Error messages of a feature at the most. */
const MESSAGES = 10

/** Records of features in a range that match a filter, as one snapshot of the database sees them. */
export interface Features extends Asked {
  tx: Db
}

export interface Measured extends Uses {
  /** Null is the records that have no value. */
  value: string | null
  /** Its categories and since when one of its newest record's is sure to be found; unknown, if records were read. */
  categories?: { category: string; newest: string }[]
}

export interface MeasuredUses {
  rows: Measured[]
  /** Of all values that have no row. */
  left: UseCounts
}

/** Uses by feature or another field, most users first. */
export async function measureUses(features: Features, by: string, limit: number): Promise<MeasuredUses> {
  const { tx, filter } = features
  const question = askRollups(features, ['feature'], { by: [by, 'category'] })
  if (!isRolledUp(question)) {
    const rows = await breakDownUses(tx, filter, by, limit)
    const total = rows[0]?.total ?? addUp([], USE_COUNTS)
    return { rows, left: leftOf(total, rows, USE_COUNTS) }
  }
  const [counts, users] = await Promise.all([
    countUses(tx, question, by),
    countSubjects(tx, 'user', askRollups(features, SOURCES, { by: [by] }), { by: [by] }),
  ])
  const usersOf = new Map(users.map(({ value, count }) => [value, count]))
  const groups = [...groupBy(counts, ({ value }) => value)]
    .map(([value, counts]) => ({ value, counts, users: usersOf.get(value) ?? 0 }))
    .sort((a, b) => b.users - a.users || Number(a.value === '') - Number(b.value === ''))
    .slice(0, limit)
  const only = groups.map(({ value }) => [value])
  // Durations have no total: with the name it is not asked for.
  const days = askRollups(features, SOURCES, { by: [by, 'name'], weeks: false })
  const durations = await measureDurations(tx, days, { by: [by], only })
  const durationOf = new Map(durations.map(({ value, p50, p90 }) => [value, { p50, p90 }]))
  const rows = groups.map(({ value, counts, users }) => ({
    value: value || null,
    ...addUp(counts, USE_COUNTS),
    users,
    durationMs: durationOf.get(value) ?? { p50: null, p90: null },
    categories: counts.filter(({ category }) => category !== ''),
  }))
  return { rows, left: leftOf(addUp(counts, USE_COUNTS), rows, USE_COUNTS) }
}

/** The category of each feature that has one: that of its newest record that has one. */
export async function measureCategories(
  { tx, filter }: Features,
  measured: Measured[],
): Promise<Map<string, string>> {
  const known = new Map<string, string>()
  const unknown: { name: string; since: string }[] = []
  const unread: string[] = []
  for (const { value, categories } of measured) {
    const name = value ?? ''
    const [first] = categories ?? []
    if (!categories) unread.push(name)
    else if (first && categories.length === 1) known.set(name, first.category)
    else if (first) unknown.push({ name, since: latestOf(categories.map(({ newest }) => newest)) })
  }
  const found = [
    ...(unknown.length > 0 ? await findNewestCategories(tx, filter, unknown) : []),
    ...(unread.length > 0 ? await listCategories(tx, filter, unread) : []),
  ]
  return new Map([...known, ...found.map(({ name, category }) => [name, category] as const)])
}

const latestOf = (times: string[]): string => times.reduce((a, b) => (a < b ? b : a))

/** The error messages of each feature that has any, most frequent first. */
export async function measureErrors(features: Features, names: string[]) {
  const question = askRollups(features, ['feature_error'], { by: ['name'] })
  if (!isRolledUp(question)) {
    const rows = await listErrors(features.tx, features.filter, names)
    return new Map(rows.map(({ name, errors }) => [name, errors]))
  }
  const rows = await countErrors(features.tx, question, names, MESSAGES)
  return new Map(
    [...groupBy(rows, ({ name }) => name)].map(
      ([name, errors]) => [name, errors.map(({ message, count }) => ({ message, count }))] as const,
    ),
  )
}

/** Records and distinct users of each feature by interval, intervals without records included. */
export async function measureSeries(features: Features, names: string[], intervals: Intervals) {
  const { tx, filter } = features
  const question = askRollups(features, SOURCES, { by: ['name'], interval: intervals.name })
  if (!isRolledUp(question)) {
    const rows = await countUsesOverTime(tx, filter, names, intervals)
    return new Map(rows.map(({ name, series }) => [name, series]))
  }
  const grouping = { by: ['name'], only: names.map((name) => [name]), intervals }
  const [counts, users] = await Promise.all([
    countRecords(tx, question, grouping),
    countSubjects(tx, 'user', question, grouping),
  ])
  const key = (name: string, at: string) => `${at} ${name}`
  const recordsAt = new Map(counts.map(({ value, at, records }) => [key(value, at), records]))
  const usersAt = new Map(users.map(({ value, at, count }) => [key(value, at), count]))
  return new Map(
    names.map((name) => [
      name,
      intervals.starts.map((at) => ({
        at,
        records: recordsAt.get(key(name, at)) ?? 0,
        users: usersAt.get(key(name, at)) ?? 0,
      })),
    ]),
  )
}
