import type { ProjectCaller } from '@/lib/access/caller'
import { recordOne } from '@/lib/analytics/ingest/record'
import type * as contract from '@/lib/analytics/satisfaction/contract'
import type { ParsedInputOf } from '@/lib/http/endpoint'

/** Records the answer to a survey; answers when it is durable. */
export async function recordResponse(
  input: ParsedInputOf<typeof contract.recordSatisfaction>,
  caller: ProjectCaller,
) {
  return recordOne(input, { kind: 'response', ...input }, caller)
}
