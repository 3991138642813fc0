import { sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { type Conversion, forManyPasses } from '@/db/queries/analytics/funnels/measure-passes'
import { trackedRuns } from '@/db/queries/analytics/funnels/tracked-runs'
import type { RecordFilter } from '@/db/queries/analytics/record-filter'

/** Every tracked funnel by its runs that begin in the range. */
export async function listTrackedFunnels(db: Db, filter: RecordFilter) {
  return forManyPasses(db, (tx) =>
    tx.execute<Conversion & { name: string }>(sql`
    ${trackedRuns(filter)}, entered as (
      select distinct run
      from records r left join stages s using (funnel, stage)
      where r.stage is null or s.rank = 1
    )
    select funnel as name, count(e.run)::float8 as entered, count(c.run)::float8 as completed
    from runs left join entered e using (run) left join completions c using (run)
    group by 1`),
  )
}

/** Whether records of a funnel of this name were ever tracked. */
export async function isTracked(db: Db, projectId: string, funnel: string): Promise<boolean> {
  const [row] = await db.execute<{ tracked: boolean }>(sql`
    select exists (
      select from conversion_funnels where project_id = ${projectId} and funnel = ${funnel}
    ) as tracked`)
  return row?.tracked ?? false
}
