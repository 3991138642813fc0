import { type SQL, sql } from 'drizzle-orm'

/** What lies between the bounds of a percentile is divided into so many parts by counting. */
const PARTS = sql.raw('8')

/**
 * Percentiles over sorted lists, exactly as `percentile_cont` gives them over all their numbers, by reading few of these:
 * a percentile of the whole lies between the same percentiles of its lists. What lies between those is divided once more
 * by counting, and only then are numbers taken out of the lists.
 *
 * @returns common table expressions, the last of which is `percentiles` (target, fraction, value), a row for each target
 *   that has numbers
 * @param lists a query with `target` (text), `sign` and `list`: what the percentiles are of, and lists of it that are not
 *   empty. What is in a list of sign -1 does not count; it is in another one too.
 */
export function percentilesOf(lists: SQL, fractions: number[]): SQL {
  const asked = sql.join(
    fractions.map((fraction) => sql`(${fraction}::float8)`),
    sql`, `,
  )
  const length = sql`cardinality(list)`
  const rank = sql`fraction * (added - gone - 1)`
  return sql`
    lists as materialized (
      -- Put together with nothing, a list is read from the table once: what follows looks into it several times.
      select target, sign, list || '{}' as list from (${lists}) l
    ), sizes as materialized (
      select target, fraction, added, gone, floor(${rank})::bigint as lower, ceil(${rank})::bigint as upper,
        ${rank} - floor(${rank}) as share
      from (
        select target, coalesce(sum(${length}) filter (where sign > 0), 0) as added,
          coalesce(sum(${length}) filter (where sign < 0), 0) as gone
        from lists group by 1
      ) lengths cross join (values ${asked}) asked (fraction) where added > gone
    ), wanted as materialized (
      -- Between the number at the lower rank, if those gone lay above, and at the upper rank, if they lay below.
      select row_number() over () as id, target, fraction, lower, upper, share,
        min(list[floor(lower::float8 / greatest(added - 1, 1) * (${length} - 1))::int + 1]) - 1 as low,
        max(list[least(ceil((upper + gone)::float8 / added * ${length})::int, ${length} - 1) + 1]) as high
      from sizes join lists using (target) where sign > 0
      group by target, fraction, lower, upper, share
    ), looks as materialized (
      select id, lower, upper, at, sum(sign * width_bucket(at, list)) as below
      from (
        select distinct id, target, lower, upper, low + (high - low) * part / ${PARTS} as at
        from wanted cross join generate_series(0, ${PARTS}) part
      ) parts join lists using (target) group by 1, 2, 3, 4
    ), narrowed as materialized (
      select id, max(at) filter (where below <= lower) as low, max(below) filter (where below <= lower) as below,
        min(at) filter (where below > upper) as high, min(below) filter (where below > upper) as above
      from looks group by 1
    ), inside as (
      -- One number may be there very often.
      select id, high as value, above - below as times from narrowed where high = low + 1
      union all
      select id, value, sum(sign)
      from (
        select n.id, sign, list[width_bucket(n.low, list) + 1 : width_bucket(n.high, list)] as list
        from wanted join lists using (target) join narrowed n using (id)
        where n.high > n.low + 1
      ) slices cross join unnest(list) value group by 1, 2
    ), reached as (
      select id, value, below + sum(times) over (partition by id order by value) as reached
      from inside join narrowed using (id)
    ), found as materialized (
      select id, min(r.value) filter (where reached > lower) as value, min(r.value) filter (where reached > upper) as above
      from reached r join wanted using (id) group by id
    ), percentiles as materialized (
      select target, fraction, value + (above - value) * share as value from wanted join found using (id)
    )`
}
