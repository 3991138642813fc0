import type { ProjectCaller } from '@/lib/access/caller'
import { recordOne } from '@/lib/analytics/ingest/record'
import type * as contract from '@/lib/analytics/journeys/contract'
import type { ParsedInputOf } from '@/lib/http/endpoint'

/** Records a step of a run; answers when it is durable. */
export async function recordStep(input: ParsedInputOf<typeof contract.trackStep>, caller: ProjectCaller) {
  return recordOne(input, { kind: 'step', ...input }, caller)
}

/** Records that a run is complete, whether or not it was ever started. */
export async function recordJourneyCompletion(
  input: ParsedInputOf<typeof contract.completeJourney>,
  caller: ProjectCaller,
) {
  return recordOne(input, { kind: 'step', completed: true, ...input }, caller)
}
