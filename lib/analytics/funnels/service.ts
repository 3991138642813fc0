import type { ProjectCaller } from '@/lib/access/caller'
import type * as contract from '@/lib/analytics/funnels/contract'
import { recordOne } from '@/lib/analytics/ingest/record'
import type { ParsedInputOf } from '@/lib/http/endpoint'

/** Records that a run entered a stage; answers when it is durable. */
export async function recordStage(input: ParsedInputOf<typeof contract.trackStage>, caller: ProjectCaller) {
  return recordOne(input, { kind: 'stage', ...input }, caller)
}

/** Records that a run is complete, whether or not it was ever started. */
export async function recordFunnelCompletion(
  input: ParsedInputOf<typeof contract.completeFunnel>,
  caller: ProjectCaller,
) {
  return recordOne(input, { kind: 'stage', completed: true, ...input }, caller)
}
