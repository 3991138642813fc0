import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { isoTime } from '@/db/queries/analytics/intervals'
import { exactTime } from '@/db/queries/analytics/users/exact-time'
import { type Kind, kinds } from '@/db/queries/analytics/users/kinds'

/** The key of the last record of a page: exact time, user and id. */
export type Exported = [occurredAt: string, userId: string, id: string]

export interface ExportPage {
  /** A JSON object a record, in the shape in which it is recorded in a batch. */
  lines: string[]
  /** None of an empty page. */
  last: Exported | null
}

const run = (name: string, part: string) =>
  sql.raw(`
  '${name}', ${name}, 'runId', run_id, ${part}, 'completed', case when completed then true end`)

/** What a kind has besides what all have; what is null is left out. */
const fields: Record<Kind, SQL> = {
  event: sql`'type', type, 'name', name, 'category', category, 'pageUrl', page_url, 'pageTitle', page_title,
    'referrer', referrer, 'durationMs', duration_ms`,
  feature: sql`'feature', feature, 'category', category, 'action', action, 'durationMs', duration_ms,
    'success', success, 'error', error`,
  stage: run('funnel', "'stage', stage, 'stageOrder', stage_order"),
  step: run('journey', "'step', step"),
  response: sql`'survey', survey, 'score', score, 'question', question, 'response', response`,
}

/** Objects of the sender's own, in which a null is a value. */
const objects = (kind: Kind): SQL => sql`
  case when properties <> '{}' then jsonb_build_object('properties', properties) else '{}' end
  ${kind === 'response' ? sql`|| case when context is null then '{}' else jsonb_build_object('context', context) end` : sql``}`

/** Records of a kind in the order of their time, after one. */
export async function exportRecords(
  db: Db,
  projectId: string,
  kind: Kind,
  limit: number,
  after: Exported | null,
): Promise<ExportPage> {
  const table = sql.identifier(kinds.find((one) => one.kind === kind)?.table as string)
  const beyond = after
    ? sql`and occurred_at >= ${after[0]}::timestamptz
        and (occurred_at, user_id, id) > (${after[0]}::timestamptz, ${after[1]}, ${after[2]}::uuid)`
    : sql``
  const rows = await db.execute<{ line: string; at: string; userId: string; id: string }>(sql`
    select (jsonb_strip_nulls(jsonb_build_object(
        'kind', ${kind}::text, 'id', id, 'userId', case when user_id is distinct from anonymous_id then user_id end,
        'anonymousId', anonymous_id, 'sessionId', session_id, 'occurredAt', ${isoTime(sql`occurred_at`)},
        'device', device, 'browser', browser, 'os', os, ${fields[kind]}
      )) || ${objects(kind)})::text as line, ${exactTime(sql`occurred_at`)} as at, user_id as "userId", id
    from ${table} where project_id = ${projectId} ${beyond}
    order by occurred_at, user_id, id limit ${limit}`)
  const last = rows.at(-1)
  return { lines: rows.map(({ line }) => line), last: last ? [last.at, last.userId, last.id] : null }
}
