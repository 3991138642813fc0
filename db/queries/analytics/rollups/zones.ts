import { type SQL, sql } from 'drizzle-orm'
import { arrayLiteral } from '@/db/array-literal'
import type { Db } from '@/db/connect'
import { timeZoneOf, versionOf } from '@/db/time-zone'

/** Before all records. */
const MONDAY = '1970-01-05Z'
const FRIDAY = '1970-01-02Z'

const lastOf = (length: string, first: string) => (local: SQL) =>
  sql`date_bin(${length}, ${local}, ${first}::timestamptz)`
const lastMonday = lastOf('7 days', MONDAY)
const lastFriday = lastOf('7 days', FRIDAY)

/** Where each begins, by the clock of a zone. */
const starts = {
  day: lastOf('1 day', MONDAY),
  half_week: (local: SQL) => sql`greatest(${lastMonday(local)}, ${lastFriday(local)})`,
  week: lastMonday,
}

/**
 * Projects whose rollups are by the days of another timezone than theirs, or of one that is known otherwise by now. One whose
 * timezone is not known here is left as it is, and read record by record.
 */
export async function listMoved(tx: Db): Promise<{ id: string; timezone: string }[]> {
  const rows = await tx.execute<{ id: string; timezone: string; kept: string; version: string }>(sql`
    select p.id, p.timezone, r.timezone as kept, r.zone_version as version
    from projects p join rollup_projects r on r.project_id = p.id`)
  return rows.filter(({ timezone, kept, version }) => {
    const known = versionOf(timezone)
    return known !== undefined && (timezone !== kept || known !== version)
  })
}

/** Puts projects that have no rollups yet among those that do. */
export async function addProjects(tx: Db): Promise<void> {
  const rows = await tx.execute<{ id: string; timezone: string }>(sql`
    select id, timezone from projects where id not in (select project_id from rollup_projects)`)
  for (const { id, timezone } of rows) {
    // By days of UTC that nobody asks for, until the timezone is known here: then they are made anew.
    const isKnown = versionOf(timezone) !== undefined
    await tx.execute(sql`
      insert into rollup_projects (project_id, timezone, zone_version, zone_changes, zone_offsets)
      values (${id}, ${isKnown ? timezone : ''}, ${zoneColumns(isKnown ? timezone : 'UTC')})`)
  }
}

/** Takes a project's timezone for the one whose days its rollups will be by. */
export async function keepTimezone(
  tx: Db,
  { id, timezone }: { id: string; timezone: string },
): Promise<void> {
  await tx.execute(sql`
    update rollup_projects
    set (timezone, zone_version, zone_changes, zone_offsets) = row (${timezone}::text, ${zoneColumns(timezone)})
    where project_id = ${id}`)
}

function zoneColumns(timezone: string): SQL {
  const { version, changes, offsets } = timeZoneOf(timezone)
  const times = changes.map((at) => new Date(at).toISOString())
  return sql`${version}::text, ${arrayLiteral(times)}::timestamptz[], ${arrayLiteral(offsets.map((ms) => ms / 1000))}::int[]`
}

/**
 * The start of the day, the week or half a week that a time lies in, by the timezone of `rollup_projects p`: what `startOf` in
 * db/time-zone.ts says, for millions of records. If the clocks were changed since that start, it is by the offset from
 * before; where they left it out, it is the change.
 */
export function rolledStart(grain: keyof typeof starts, time: SQL): SQL {
  const nth = sql`width_bucket(${time}, p.zone_changes)`
  const ahead = (place: SQL) => sql`p.zone_offsets[${place}] * interval '1 second'`
  const local = starts[grain](sql`${time} + ${ahead(sql`${nth} + 1`)}`)
  const start = sql`${local} - ${ahead(sql`${nth} + 1`)}`
  const change = sql`p.zone_changes[${nth}]`
  return sql`case when ${start} <= ${change} then least(${local} - ${ahead(nth)}, ${change}) else ${start} end`
}
