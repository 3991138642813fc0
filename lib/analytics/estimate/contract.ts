import { z } from 'zod'
import { compare, count, range, word } from '@/lib/analytics/parameters/contract'
import { endpoint, type InputOf } from '@/lib/http/endpoint'

/** Milliseconds that someone waits before they are told for how long. */
export const PATIENCE_MS = 500
/** Milliseconds from which it is worth a word. */
export const LONG_MS = 2_000

const of = z.enum(['event', 'feature', 'stage', 'step', 'response', 'any', 'funnel', 'saved'])
type Of = z.infer<typeof of>

export const getEstimate = endpoint({
  id: 'getEstimate',
  method: 'GET',
  path: '/api/analytics/user/estimate',
  access: 'read',
  summary: 'How many records a question is about, and how long it is likely to take to read them one by one',
  description:
    'Rollups answer many questions in milliseconds; others read every record of the range. What they took on this server so far tells how long that will be.',
  input: z.strictObject({
    ...range,
    compare,
    of: of.describe(
      'What is read: records of one kind, or of any. saved: events, if funnels are saved; funnel: stages too',
    ),
    funnel: word.optional().describe('This funnel alone, for saved and funnel'),
    question: word.optional().describe('Id of the endpoint to be asked, such as getRetention'),
  }),
  output: z.object({
    records: count.describe('In the range, and in the one before where that is compared'),
    ms: count,
  }),
})

type Asked = Record<string, unknown>

/** Parameters, and breakdowns, that rollups do not answer; or an index does not find soon what is listed. */
const NARROW = /^(userId|sessionId|page|search|question|strict|window|start|end|(property|context)\..+)$/
const BREAKDOWN = /^(question|(property|context)\..+)$/

const isNarrow = (input: Asked): boolean =>
  Object.keys(input).some((name) => NARROW.test(name)) || BREAKDOWN.test(String(input.breakdown))
const ifRead = (of: Of) => (input: Asked) => (isNarrow(input) || input.interval === 'hour' ? of : undefined)

/** What a question reads record by record, by its endpoint's id; nothing, if it is soon answered otherwise. */
const reads: Record<string, (input: Asked) => Of | undefined> = {
  getEventAnalytics: ifRead('event'),
  listEvents: ifRead('event'),
  listUsers: ifRead('event'),
  getRetention: ifRead('event'),
  getFeatureRetention: ifRead('feature'),
  // Who is active, of whom adoption is a part, shows in records of every kind.
  getFeatureStats: (input) => (isNarrow(input) ? 'any' : ifRead('feature')(input)),
  listFunnels: (input) => (isNarrow(input) ? 'funnel' : 'saved'),
  getFunnelAnalytics: (input) => (input.definition ? 'event' : (ifRead('funnel')(input) ?? 'saved')),
  getJourneyAnalytics: (input) => (input.source === 'events' ? 'event' : ifRead('step')(input)),
  listJourneyRuns: ifRead('step'),
  getSatisfactionMetrics: ifRead('response'),
  listResponses: ifRead('response'),
}

/** What to ask `getEstimate` about a question; nothing, if it is none that could take long. */
export function readsOf(id: string, input: Asked): InputOf<typeof getEstimate> | undefined {
  const of = reads[id]?.(input)
  if (of === undefined) return undefined
  const { project, from, to, timezone, compare, funnel } = input as Partial<InputOf<typeof getEstimate>>
  return { question: id, of, project, from, to, timezone, compare, funnel }
}
