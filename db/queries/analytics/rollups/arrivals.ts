import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { unionAll } from './segments'
import { rolledStart } from './zones'

/** Which records: those of transactions from one to before another, of one project or of all. */
export interface Arrived {
  from: string
  upTo: string
  projectId?: string
  /** Only those that meet one of these conditions; none meets two. All, if left out. */
  only?: SQL[]
}

/**
 * Puts records of all five kinds into a temporary table, `arrived`, in one shape: what they are, who they came from and
 * when, and what else they are counted as, its `part`: an event as its page, a feature's record as the feature; and with its
 * error, as JSON `[category, message]`. Missing values are empty, as in the dictionaries. A table, since PostgreSQL must know
 * how many there are: of a few thousand, as every second brings, it looks up each user; of millions, as after a migration,
 * none.
 */
export async function gatherArrivals(tx: Db, arrived: Arrived): Promise<void> {
  await tx.execute(sql`
    create temp table arrived as
    select a.*, date_trunc('hour', occurred_at, 'UTC') as hour, ${rolledStart('day', sql`occurred_at`)} as day,
      ${rolledStart('half_week', sql`occurred_at`)} as half_week, ${rolledStart('week', sql`occurred_at`)} as week
    from (${unionAll((arrived.only ?? [sql`true`]).map((only) => arrivals(arrived, only)))}) a
    join rollup_projects p using (project_id)`)
  await tx.execute(sql`analyze arrived`)
}

function arrivals(arrived: Arrived, only: SQL): SQL {
  const where = sql`transaction_id >= ${arrived.from}::xid8 and transaction_id < ${arrived.upTo}::xid8
    ${arrived.projectId ? sql`and project_id = ${arrived.projectId}` : sql``} and (${only})`
  const common = sql`project_id, occurred_at, user_id, session_id, coalesce(device, '') as device,
    coalesce(browser, '') as browser, coalesce(os, '') as os`
  const measured = (duration: string, success: string) =>
    sql`${sql.raw(duration)}::int as duration_ms, ${sql.raw(success)}::boolean as success`
  return sql`
    select ${common}, 'event'::rollup_source as source, name, type, coalesce(category, '') as category,
      coalesce(page, '') as part, '' as error, ${measured('duration_ms', 'null')}
    from user_events where ${where}
    union all
    select ${common}, 'feature', feature, action::text, coalesce(category, ''), feature,
      case when error is null then '' else json_build_array(coalesce(category, ''), error)::text end,
      ${measured('duration_ms', 'success')}
    from feature_usage where ${where}
    union all
    select ${common}, 'stage', funnel, coalesce(stage, ''), '', '', '', ${measured('null', 'null')}
    from conversion_funnels where ${where}
    union all
    select ${common}, 'step', journey, coalesce(step, ''), '', '', '', ${measured('null', 'null')}
    from user_journeys where ${where}
    union all
    select ${common}, 'response', survey::text, score::text, '', '', '', ${measured('null', 'null')}
    from user_satisfaction where ${where}`
}
