import { and, type SQL, sql } from 'drizzle-orm'
import { arrayLiteral } from '@/db/array-literal'
import type { Db } from '@/db/connect'
import { groupBy } from '@/db/group-by'
import { matches, type RecordFilter } from '@/db/queries/analytics/record-filter'
import { decode, type Part } from '@/db/queries/analytics/rollups/decode-moments'
import {
  isAskedFor,
  type Kind,
  type MomentList,
  type Named,
  type Wanted,
} from '@/db/queries/analytics/rollups/moment-kinds'
import { readProgress } from '@/db/queries/analytics/rollups/progress'
import { filtersByAgent, isAgentField, whereAgent } from '@/db/queries/analytics/rollups/question'
import { within } from '@/db/queries/analytics/rollups/segments'
import { MOMENT_ORDINALS, MOMENT_SHIFT, rollupAgents } from '@/db/schema'
import { startOf } from '@/db/time-zone'

/** Records that are in no rollup yet, up to which they are read beside them. */
const REST = 200_000
/**
 * Kinds of events with the names asked for, and their cells, up to which they are looked through: some projects put ids in
 * categories. Of the records beside them, kinds by day.
 */
const KINDS = 10_000
const CELLS = 200_000
/** Which moments of a range there are. */
export interface Held {
  filter: RecordFilter
  /** Where the first day begins. */
  first: Date
  /** The filter's agents; none, if it means all. */
  agents: Set<number> | undefined
  /** By the name of their events. */
  classes: Map<string, HeldClass[]>
  /** More than the greatest number of a user. */
  users: number
  /** The records that are in no rollup, and how many they are. */
  rest: MomentList[]
  late: number
}

export interface HeldClass extends Named {
  id: number
  /** How many moments it has, and how many of the filter's agents. */
  moments: number
  chosen: number
  cells: number
}

/**
 * Looks up which moments there are of events with these names, in the filter's range.
 *
 * @param tx a snapshot, in which they are read as well
 * @param filter that `isKept`
 * @returns nothing if records have to be read: the project has no rollups, they are far behind, or it has too many users or
 *   kinds of such events
 */
export async function findMoments(tx: Db, filter: RecordFilter, names: string[]): Promise<Held | undefined> {
  const { projectId, from } = filter
  const { nextTransaction, timezone } = await readProgress(tx, projectId)
  if (timezone === null) return undefined
  // One process reads: what is done with the moments takes longer, and others may be reading.
  await tx.execute(sql`select set_config('work_mem', '64MB', true), set_config('jit', 'off', true),
      set_config('max_parallel_workers_per_gather', '0', true)`)
  const [project] = await tx.execute<{ users: number }>(
    sql`select users from rollup_projects where project_id = ${projectId}`,
  )
  const users = project?.users ?? 0
  if (users > MOMENT_ORDINALS) return undefined
  const records = sql`
    from user_events
    where project_id = ${projectId} and ${within(sql`occurred_at`, filter)} and name = any(${arrayLiteral(names)}::text[])
      and transaction_id >= ${nextTransaction}::xid8`
  const [counted] = await tx.execute<{ count: number }>(
    sql`select count(*)::int as count from (select ${records} limit ${REST + 1}) r`,
  )
  const late = counted?.count ?? 0
  if (late > REST) return undefined
  const rest = late > 0 ? await readRest(tx, filter, records, users) : []
  if (rest.length > KINDS) return undefined
  const agents = filtersByAgent(filter) ? await findAgents(tx, filter) : undefined
  const first = new Date(startOf('day', from.getTime(), timezone))
  const classes = await tx.execute<HeldClass & Record<string, unknown>>(sql`
    select id, name, type, category, count(*)::int as cells, sum(records)::float8 as moments, coalesce(${
      agents ? sql`sum(records) filter (where agent_id = any(${idsOf(agents)}))` : sql`sum(records)`
    }, 0)::float8 as chosen
    from rollup_classes c join rollup_counts r on r.project_id = c.project_id and r.class_id = c.id
    where c.project_id = ${projectId} and source = 'event' and name = any(${arrayLiteral(names)}::text[])
      and grain = 'day' and ${within(sql`at`, { from: first, to: filter.to })}
    group by id limit ${KINDS + 1}`)
  if (classes.length > KINDS || sumOf(classes, 'cells') > CELLS) return undefined
  const byName = groupBy(classes, ({ name }) => name)
  return { filter, first, agents, classes: byName, users: users + late, rest, late }
}

/** By class, how many moments are read for what is asked. */
export function countByClass(held: Held, wanted: Wanted[]): Map<number, number> {
  const { all, chosen } = classesOf(held, wanted)
  return new Map([
    ...all.map(({ id, moments }) => [id, moments] as const),
    ...chosen.map((one) => [one.id, one.chosen] as const),
  ])
}

/** The records that are in no rollup, and are not many. Users whom these do not know are numbered after those whom they do. */
async function readRest(tx: Db, filter: RecordFilter, records: SQL, users: number): Promise<MomentList[]> {
  const ofAgents = Object.fromEntries(Object.entries(filter.equal).filter(([field]) => isAgentField(field)))
  const chosen = and(...matches('user_events', { ...filter, equal: ofAgents })) ?? sql`true`
  const parts = await tx.execute<Part & Kind>(sql`
    with rest as materialized (
      select user_id, name, type, coalesce(category, '') as category, coalesce(${chosen}, false) as chosen,
        occurred_at, date_bin('1 day', occurred_at, ${filter.from.toISOString()}) as day
      ${records}
    ), numbered as materialized (
      select user_id,
        coalesce(ordinal, ${users}::int + row_number() over (partition by ordinal is null) - 1) as ordinal
      from (select distinct user_id from rest) u left join lateral (
        select ordinal from rollup_visitors
        where project_id = ${filter.projectId} and subject = 'user' and key = user_id limit 1
      ) v on true
    )
    select name, type, category, chosen, ${microseconds(sql`day`)} as day,
      array_send(array_agg((ordinal << ${sql.raw(String(MOMENT_SHIFT))}) + ${microseconds(sql`occurred_at - day`)}::bigint))
        as moments
    from rest join numbered using (user_id) group by 1, 2, 3, 4, day`)
  return parts.map((part) => {
    const { name, type, category, chosen } = part
    return { name, type, category, chosen, ...decode([part], filter) }
  })
}

async function findAgents(tx: Db, filter: RecordFilter): Promise<Set<number>> {
  const rows = await tx.execute<{ id: number }>(
    sql`select id from ${rollupAgents} where ${whereAgent(filter)}`,
  )
  return new Set(rows.map(({ id }) => id))
}

/** The classes that are read as a whole, and those of which only the filter's agents are. */
export function classesOf({ filter, agents, classes }: Held, wanted: Wanted[]) {
  const all = new Set<HeldClass>()
  const chosen = new Set<HeldClass>()
  for (const events of wanted) {
    for (const one of classes.get(events.match.equal.name as string) ?? []) {
      if (isAskedFor(one, events, filter)) (events.begins && agents ? chosen : all).add(one)
    }
  }
  return { all: [...all], chosen: [...chosen].filter((one) => !all.has(one)) }
}

export const sumOf = (classes: HeldClass[], count: 'moments' | 'chosen' | 'cells'): number =>
  classes.reduce((sum, one) => sum + one[count], 0)
export const idsOf = (ids: Iterable<number>): SQL => sql`${arrayLiteral([...ids])}::int[]`
/** Exact: as a numeric, which seconds with six places of a second are. */
export const microseconds = (time: SQL): SQL => sql`(extract(epoch from ${time}) * 1000000)::float8`
