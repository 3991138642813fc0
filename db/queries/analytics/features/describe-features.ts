import { type SQL, sql } from 'drizzle-orm'
import { arrayLiteral } from '@/db/array-literal'
import type { Db } from '@/db/connect'
import { type Intervals, intervalStart, intervalsOf, isoTime } from '@/db/queries/analytics/intervals'
import { type RecordFilter, whereRecords } from '@/db/queries/analytics/record-filter'

/** Messages of a feature at the most. */
const MESSAGES = 10

const whereNamed = (filter: RecordFilter, names: string[]): SQL =>
  sql`${whereRecords('feature_usage', filter)} and feature = any(${arrayLiteral(names)}::text[])`

/** The category of each feature: that of its newest record that has one; of several at once the first by name. */
export async function listCategories(db: Db, filter: RecordFilter, names: string[]) {
  return db.execute<{ name: string; category: string }>(sql`
    select distinct on (feature) feature as name, category
    from (
      select feature, category, max(occurred_at) as newest
      from feature_usage where ${whereNamed(filter, names)} and category is not null
      group by feature, category
    ) categories
    order by feature, newest desc, category`)
}

/**
 * The same of features whose newest record with a category is not older than a time, which is known: from the newest
 * record on, each is looked for until it is found.
 */
export async function findNewestCategories(
  db: Db,
  filter: RecordFilter,
  features: { name: string; since: string }[],
) {
  return db.execute<{ name: string; category: string }>(sql`
    select asked.name, newest.category
    from unnest(
      ${arrayLiteral(features.map(({ name }) => name))}::text[],
      ${arrayLiteral(features.map(({ since }) => since))}::timestamptz[]
    ) as asked (name, since)
    cross join lateral (
      select category from feature_usage
      where ${whereRecords('feature_usage', filter)} and occurred_at >= asked.since and feature = asked.name
        and category is not null
      order by occurred_at desc, category limit 1
    ) newest`)
}

/** The most frequent error messages of each feature that has any, most frequent first. */
export async function listErrors(db: Db, filter: RecordFilter, names: string[]) {
  return db.execute<{ name: string; errors: { message: string; count: number }[] }>(sql`
    select feature as name, json_agg(json_build_object('message', error, 'count', count) order by place) as errors
    from (
      select feature, error, count(*) as count,
        row_number() over (partition by feature order by count(*) desc, error) as place
      from feature_usage where ${whereNamed(filter, names)} and error is not null
      group by feature, error
    ) counted
    where place <= ${MESSAGES} group by feature`)
}

/** Records and distinct users of each feature by interval, intervals without records included. */
export async function countUsesOverTime(db: Db, filter: RecordFilter, names: string[], intervals: Intervals) {
  return db.execute<{ name: string; series: { at: string; records: number; users: number }[] }>(sql`
    with by_user as (
      select feature as name, ${intervalStart(intervals, sql`occurred_at`)} as at, user_id,
        count(*) as records
      from feature_usage where ${whereNamed(filter, names)} group by 1, 2, 3
    ), counted as (
      select name, at, sum(records) as records, count(*) as users from by_user group by 1, 2
    ), intervals as (${intervalsOf(intervals)})
    select name, json_agg(
      json_build_object('at', ${isoTime(sql`at`)}, 'records', coalesce(records, 0), 'users', coalesce(users, 0))
      order by at) as series
    from unnest(${arrayLiteral(names)}::text[]) as name cross join intervals left join counted using (name, at)
    group by name`)
}
