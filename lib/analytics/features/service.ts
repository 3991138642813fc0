import type { ProjectCaller } from '@/lib/access/caller'
import type * as contract from '@/lib/analytics/features/contract'
import { recordOne } from '@/lib/analytics/ingest/record'
import type { ParsedInputOf } from '@/lib/http/endpoint'

/** Records one use of a feature; answers when it is durable. */
export async function recordFeature(
  input: ParsedInputOf<typeof contract.trackFeature>,
  caller: ProjectCaller,
) {
  return recordOne(input, { kind: 'feature', ...input }, caller)
}
