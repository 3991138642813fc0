import type { EventRow } from '@/db/queries/analytics/insert-events'
import type { ProjectCaller } from '@/lib/access/caller'
import { eventRecord, type trackBatch, type trackEvent } from '@/lib/analytics/events/contract'
import { readAgent } from '@/lib/analytics/ingest/agent'
import { clockSkew, settleTime } from '@/lib/analytics/ingest/clock'
import { eventRow } from '@/lib/analytics/ingest/event-row'
import { ingestQueue } from '@/lib/analytics/ingest/queue'
import type { OutputOf, ParsedInputOf } from '@/lib/http/endpoint'
import { fieldErrors, Problem } from '@/lib/http/problem'

type Receipt = OutputOf<typeof trackEvent>
type Rejected = Receipt['rejected'][number]

/** Kinds that a batch may hold, with the tables to come said for those that we do not store yet. */
const laterKinds = new Set(['feature', 'stage', 'step', 'response'])

/** Records one event; answers when it is durable. */
export async function recordEvent(
  input: ParsedInputOf<typeof trackEvent>,
  caller: ProjectCaller,
): Promise<Receipt> {
  const skew = clockSkew(input.sentAt, caller.receivedAt)
  const row = toRow(input, caller, skew, new Date(caller.receivedAt).toISOString())
  const stored = await ingestQueue().store(caller.project.id, row ? [row] : [], row ? 0 : 1)
  return { ...stored, dropped: row ? 0 : 1, rejected: [] }
}

/** Records a batch; what is wrong with a record refuses that record alone. */
export async function recordEvents(
  input: ParsedInputOf<typeof trackBatch>,
  caller: ProjectCaller,
): Promise<Receipt> {
  const skew = clockSkew(input.sentAt, caller.receivedAt)
  const receivedAt = new Date(caller.receivedAt).toISOString()
  const rows: EventRow[] = []
  const rejected: Rejected[] = []
  let dropped = 0
  input.records.forEach((record, index) => {
    const parsed = eventRecord.safeParse(record)
    if (!parsed.success) {
      rejected.push({ index, ...whyNot(record, parsed.error) })
      return
    }
    try {
      const row = toRow(parsed.data, caller, skew, receivedAt)
      if (row) rows.push(row)
      else dropped += 1
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      rejected.push({ index, path: error.errors?.[0]?.path ?? '', message: error.detail })
    }
  })
  const stored = await ingestQueue().store(caller.project.id, rows, dropped)
  return { ...stored, dropped, rejected }
}

/** The row of a record, or null for a bot's. @throws Problem 422 */
function toRow(
  record: Parameters<typeof eventRow>[0],
  caller: ProjectCaller,
  skew: number,
  receivedAt: string,
): EventRow | null {
  const agent = readAgent(record.userAgent ?? caller.userAgent, record.userAgent !== undefined)
  if (agent.bot) return null
  const timing = settleTime(record.occurredAt, skew, caller.receivedAt)
  return eventRow(record, { projectId: caller.project.id, agent, timing, receivedAt })
}

function whyNot(record: unknown, error: Parameters<typeof fieldErrors>[0]): Omit<Rejected, 'index'> {
  const kind = (record as { kind?: unknown } | null)?.kind
  if (typeof kind === 'string' && laterKinds.has(kind))
    return { path: 'kind', message: `Records of kind ${kind} are not taken yet` }
  const first = fieldErrors(error)[0]
  return { path: first?.path ?? '', message: first?.message ?? 'Invalid record' }
}
