import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { type BinaryRow, copyOut } from '@/db/copy-out'
import { groupBy } from '@/db/group-by'
import { countIn, decode, type Part } from '@/db/queries/analytics/rollups/decode-moments'
import {
  classesOf,
  type Held,
  type HeldClass,
  idsOf,
  microseconds,
  sumOf,
} from '@/db/queries/analytics/rollups/find-moments'
import type { MomentList, Wanted } from '@/db/queries/analytics/rollups/moment-kinds'
import { unionAll, within } from '@/db/queries/analytics/rollups/segments'

/** Bytes that are taken in at once, within milliseconds: those of some 100,000 moments. */
const BLOCK = 1_200_000

/**
 * Reads the events that are asked for, and some others of their names, into arrays that are the caller's own.
 *
 * @param tx that found what there is
 * @param rest is waited for after each block of them
 * @returns nothing if there are not as many as were counted: a process of an older version has counted some
 */
export async function readMoments(
  tx: Db,
  held: Held,
  wanted: Wanted[],
  rest: () => Promise<void>,
): Promise<MomentList[] | undefined> {
  const { filter, first, agents } = held
  const { all, chosen } = classesOf(held, wanted)
  const cells = (classes: HeldClass[], more = sql``) => sql`
    select class_id, agent_id, ${microseconds(sql`at`)}, moments
    from rollup_moments
    where project_id = ${filter.projectId} and class_id = any(${idsOf(classes.map(({ id }) => id))})
      and ${within(sql`at`, { from: first, to: filter.to })} ${more}`
  // Each on its own is a look into the index.
  const rows = copyOut(
    tx,
    unionAll([cells(all), cells(chosen, sql`and agent_id = any(${idsOf(agents ?? [])})`)]),
  )
  const kinds = new Map([...all, ...chosen].map((one) => [one.id, one]))
  let missing = sumOf(all, 'moments') + sumOf(chosen, 'chosen')
  const isChosen = (agent: number) => agents?.has(agent) ?? true
  const lists: MomentList[] = held.rest.map((list) => ({
    ...list,
    users: list.users.slice(),
    times: list.times.slice(),
  }))
  for await (const parts of blocksOf(rows)) {
    for (const some of groupBy(parts, ({ class: id, agent }) => `${id} ${isChosen(agent)}`).values()) {
      const { class: id, agent } = some[0] as (typeof some)[number]
      const { name, type, category } = kinds.get(id) as HeldClass
      lists.push({ name, type, category, chosen: isChosen(agent), ...decode(some, filter) })
    }
    missing -= parts.reduce((sum, part) => sum + countIn(part), 0)
    await rest()
  }
  return missing === 0 ? lists : undefined
}

interface CellPart extends Part {
  class: number
  agent: number
}

async function* blocksOf(rows: AsyncIterable<BinaryRow[]>): AsyncGenerator<CellPart[]> {
  let block: CellPart[] = []
  let size = 0
  for await (const some of rows) {
    for (const [id, agent, day, moments] of some as [Buffer, Buffer, Buffer, Buffer][]) {
      block.push({ class: id.readInt32BE(), agent: agent.readInt32BE(), day: day.readDoubleBE(), moments })
      size += moments.length
    }
    if (size < BLOCK) continue
    yield block
    block = []
    size = 0
  }
  if (block.length > 0) yield block
}
