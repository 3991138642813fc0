import { type SQL, sql } from 'drizzle-orm'

/** What paths say by themselves, whatever the times. */
export interface PathMeasures {
  /** Most visited first. */
  visited: { name: string; visits: number; exits: number }[]
  transitions: { from: string; to: string; count: number }[]
  links: { position: number; from: string; to: string | null; count: number }[]
  topPaths: { path: string[]; count: number; completionRate: number }[]
}

/** Positions in a path that the flow chart shows, and steps named at each; the next position's ends the last links. */
const POSITIONS = 6
const NAMED = 8

/** A query's rows as one JSON array, in its order. */
export const rows = (query: SQL): SQL => sql`(select coalesce(json_agg(rows), '[]') from (${query}) rows)`

/**
 * Common table expressions over `paths` (path, completed, count: of the runs that are alike), which `pathColumns` needs:
 * each visit with its `place` in the path (from 1), and the `next` step, null where the path ends.
 */
export const pathTables: SQL = sql`
  steps_of_paths as materialized (
    select completed, count, place, step, next
    from paths, unnest(path, path[2:]) with ordinality as visit (step, next, place) where step is not null
  ), hops as (
    select place, step, next, sum(count) as count
    from steps_of_paths where place <= ${POSITIONS + 1} group by 1, 2, 3
  ), places as (
    select place, step,
      row_number() over (partition by place order by sum(count) desc, step) <= ${NAMED} as named
    from hops group by place, step
  )`

/**
 * The columns of `PathMeasures`.
 *
 * @param limit rows of steps, transitions and paths
 * @param ends whether paths are cut where they end: nobody exits there
 */
export const pathColumns = (limit: number, ends: boolean): SQL => sql`
  ${rows(sql`
    select step as name, sum(count) as visits,
      ${ends ? sql`0` : sql`coalesce(sum(count) filter (where next is null and not completed), 0)`} as exits
    from steps_of_paths group by step order by visits desc, step limit ${limit}`)} as visited,
  ${rows(sql`
    select step as from, next as to, sum(count) as count from steps_of_paths
    where next is not null group by step, next
    order by count desc, step, next limit ${limit}`)} as transitions,
  ${rows(links)} as links,
  ${rows(sql`
    select path, sum(count) as count, coalesce(sum(count) filter (where completed), 0)::float8 / sum(count) as "completionRate"
    from paths where path <> '{}' group by path
    order by sum(count) desc, path limit ${limit}`)} as "topPaths"`

/** Every run is in one link of each position that its path has, so that what comes to a node also leaves it. */
const links = sql`
  select hops.place as position, case when here.named then hops.step else 'Other' end as from,
    case when hops.next is null then null when there.named then hops.next else 'Other' end as to, sum(count) as count
  from hops join places here on (here.place, here.step) = (hops.place, hops.step)
    left join places there on (there.place, there.step) = (hops.place + 1, hops.next)
  where hops.place <= ${POSITIONS}
  group by 1, 2, 3 order by 1, count desc, 2, 3`
