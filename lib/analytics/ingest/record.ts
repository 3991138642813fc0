import type { RecordRow } from '@/db/queries/analytics/insert-records'
import type { ProjectCaller } from '@/lib/access/caller'
import { eventRecord } from '@/lib/analytics/events/contract'
import { featureRecord } from '@/lib/analytics/features/contract'
import { funnelCompletion, stageRecord } from '@/lib/analytics/funnels/contract'
import { readAgent } from '@/lib/analytics/ingest/agent'
import { clockSkew, settleTime } from '@/lib/analytics/ingest/clock'
import { cutTexts } from '@/lib/analytics/ingest/cut'
import { ingestQueue } from '@/lib/analytics/ingest/queue'
import { type AnyRecord, rowOf } from '@/lib/analytics/ingest/rows'
import { journeyCompletion, stepRecord } from '@/lib/analytics/journeys/contract'
import { kept, type Receipt } from '@/lib/analytics/recording/contract'
import { responseRecord } from '@/lib/analytics/satisfaction/contract'
import { fieldErrors, Problem } from '@/lib/http/problem'
import { countRecords } from '@/lib/metrics'

const kinds = {
  event: eventRecord,
  feature: featureRecord,
  stage: stageRecord,
  step: stepRecord,
  response: responseRecord,
}

/** Of these kinds a record may be the completion of a run instead. */
const completions: Record<string, typeof funnelCompletion | typeof journeyCompletion> = {
  stage: funnelCompletion,
  step: journeyCompletion,
}

/** What came with a request besides its records. */
interface Envelope {
  sentAt?: string
}

/** Stores one record that was parsed; answers when it is durable. @throws Problem 422, 503 */
export async function recordOne(
  { sentAt }: Envelope,
  record: AnyRecord,
  caller: ProjectCaller,
): Promise<Receipt> {
  const { row, cuts } = toRow(record, arrivalOf(sentAt, caller))
  const stored = await ingestQueue().store(caller.project.id, row ? [row] : [], row ? 0 : 1)
  return counted({ ...stored, dropped: row ? 0 : 1, cut: cuts, rejected: [] })
}

/** Stores what is right of a batch; what is wrong with a record refuses that record alone. @throws Problem 503 */
export async function recordMany(
  { sentAt }: Envelope,
  records: unknown[],
  caller: ProjectCaller,
): Promise<Receipt> {
  const arrival = arrivalOf(sentAt, caller)
  const rows: RecordRow[] = []
  const rejected: Receipt['rejected'] = []
  let dropped = 0
  let cut = 0
  records.forEach((record, index) => {
    try {
      const { row, cuts } = toRow(parse(record), arrival)
      if (row) rows.push(row)
      else dropped += 1
      cut += cuts
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      const { path, message } = error.errors?.[0] ?? { path: '', message: error.detail }
      rejected.push({ index, path, message })
    }
  })
  const stored = await ingestQueue().store(caller.project.id, rows, dropped)
  return counted({ ...stored, dropped, cut, rejected })
}

function counted(receipt: Receipt): Receipt {
  countRecords('accepted', receipt.accepted)
  countRecords('spooled', receipt.spooled)
  countRecords('duplicate', receipt.duplicates)
  countRecords('dropped', receipt.dropped)
  countRecords('rejected', receipt.rejected.length)
  return receipt
}

/** A record of a batch by its kind. @throws Problem 422 */
function parse(record: unknown): AnyRecord {
  const kind = (record as { kind?: unknown } | null)?.kind
  if (typeof kind !== 'string' || !Object.hasOwn(kinds, kind)) {
    throw refused(
      typeof record === 'object' && record ? 'kind' : '',
      `Expected an object with a kind: ${Object.keys(kinds).join(', ')}`,
    )
  }
  const completion = 'completed' in (record as object) ? completions[kind] : undefined
  const parsed = (completion ?? kinds[kind as keyof typeof kinds]).safeParse(record)
  if (parsed.success) return parsed.data
  const first = fieldErrors(parsed.error)[0]
  throw refused(first?.path ?? '', first?.message ?? 'Invalid record')
}

const refused = (path: string, message: string): Problem =>
  new Problem(422, message, { errors: [{ path, message }] })

/** What all records of a request have in common. */
interface Arrival {
  caller: ProjectCaller
  /** Milliseconds, see `clockSkew`. */
  skew: number
  /** ISO. */
  receivedAt: string
}

function arrivalOf(sentAt: string | undefined, caller: ProjectCaller): Arrival {
  const receivedAt = new Date(caller.receivedAt).toISOString()
  return { caller, skew: clockSkew(sentAt, caller.receivedAt), receivedAt }
}

/** The row of a record, or null for a bot's, and how many of its texts were cut. @throws Problem 422 */
function toRow(sent: AnyRecord, arrival: Arrival): { row: RecordRow | null; cuts: number } {
  const { caller, skew, receivedAt } = arrival
  // No more of it is looked at than is kept of one.
  const userAgent = (sent.userAgent ?? caller.userAgent)?.slice(0, kept.userAgent) ?? null
  const agent = readAgent(userAgent)
  if (agent.bot && isDropped(userAgent ?? '', sent, caller)) return { row: null, cuts: 0 }
  const { record, cuts } = cutTexts(sent)
  const timing = settleTime(record.occurredAt, skew, caller.receivedAt)
  return { row: rowOf(record, { project: caller.project, agent, timing, receivedAt }), cuts }
}

/** A server that holds a secret key is no bot, whatever its library is called; whom it sends for may be one. */
function isDropped(
  userAgent: string,
  { userAgent: stated }: AnyRecord,
  { key, project }: ProjectCaller,
): boolean {
  if (!project.dropBots || (key === 'secret' && stated === undefined)) return false
  const name = userAgent.toLowerCase()
  return !project.allowedAgents.some((part) => name.includes(part.toLowerCase()))
}
