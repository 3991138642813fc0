import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { isAboutRuns } from '@/db/queries/analytics/rollups/runs/records'
import { CHUNK_BITS } from '@/db/schema'

const size = sql.raw(String(CHUNK_BITS))

/**
 * Takes days out of a project's rollups whose records were deleted, makes the week and the half of it that the first day
 * left lies in from what is left of their days, and forgets users and sessions of whom nothing is left.
 *
 * @param before start of the first day that is left, in the timezone of the rollups
 * @param begun that week and half, as ISO times
 */
export async function expireRollups(
  tx: Db,
  projectId: string,
  before: string,
  begun: { grain: 'week' | 'half_week'; from: string; to: string }[],
): Promise<void> {
  for (const table of ['rollup_counts', 'rollup_bits', 'rollup_durations', 'rollup_moments']) {
    await tx.execute(sql`
      delete from ${sql.identifier(table)}
      where project_id = ${projectId} and at < ${before}::timestamptz`)
  }
  for (const { grain, from, to } of begun) {
    if (from === before) continue
    const cell = sql`${grain}::rollup_grain, ${from}::timestamptz`
    const ofDays = sql`
      r.project_id = ${projectId} and r.grain = 'day' and r.at >= ${before}::timestamptz and r.at < ${to}::timestamptz
        and class_id not in (select id from rollup_classes k where k.project_id = ${projectId} and ${isAboutRuns})`
    await tx.execute(sql`
      insert into rollup_counts
        (project_id, grain, at, class_id, agent_id, records, duration_ms, durations, successes, failures)
      select r.project_id, ${cell}, class_id, agent_id,
        sum(records), sum(duration_ms), sum(durations), sum(successes), sum(failures)
      from rollup_counts r where ${ofDays} group by 1, 2, 3, 4, 5`)
    await tx.execute(sql`
      insert into rollup_bits (project_id, subject, grain, at, class_id, plane, chunk, bits)
      select r.project_id, r.subject, ${cell}, class_id, plane, chunk, bit_or(bits)
      from rollup_bits r where ${ofDays} group by 1, 2, 3, 4, 5, 6, 7`)
  }
  await forgetAbsent(tx, projectId)
}

async function forgetAbsent(tx: Db, projectId: string): Promise<void> {
  await tx.execute(sql`
    with present as materialized (
      select r.subject, r.chunk, bit_or(r.bits) as bits
      from rollup_bits r join rollup_classes k on k.id = r.class_id
      where r.project_id = ${projectId} and r.grain = 'day' and r.plane = 0 and k.name = ''
        and k.source = case r.subject when 'user' then 'any'::rollup_source else 'event' end
      group by 1, 2
    )
    delete from rollup_visitors v where v.project_id = ${projectId} and not exists (
      select from present p where p.subject = v.subject and p.chunk = v.ordinal / ${size}
        and get_bit(p.bits, v.ordinal % ${size}) = 1)`)
}
