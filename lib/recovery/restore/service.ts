import { countRecords } from '@/db/queries/recovery/count-records'
import type { AccountCaller } from '@/lib/access/caller'
import { leader } from '@/lib/database'
import type { OutputOf, ParsedInputOf } from '@/lib/http/endpoint'
import { Problem } from '@/lib/http/problem'
import { inTime } from '@/lib/in-time'
import { actorOf } from '@/lib/recovery/actor'
import { theProvider } from '@/lib/recovery/backups/provider-of'
import { findWriter } from '@/lib/recovery/members/servers'
import type * as contract from '@/lib/recovery/restore/contract'
import { type Target, target as targetSchema } from '@/lib/recovery/restore/contract'
import { cutOverBy } from '@/lib/recovery/restore/cut-over'
import { draftRestore } from '@/lib/recovery/restore/draft'
import { instructionsFor } from '@/lib/recovery/restore/instructions'
import { beginTask } from '@/lib/recovery/tasks/store'

const COUNT_MS = 5_000

/** Plans a restore: what it takes, and what it would undo. Changes nothing. @throws Problem 409, 422 for what is no target */
export async function planRestoreTo(
  input: ParsedInputOf<typeof contract.planRestore>,
): Promise<OutputOf<typeof contract.planRestore>> {
  const target = toTarget(input)
  const provider = theProvider()
  const leaderAnswers = (await findWriter()) !== null
  const draft = await draftRestore(
    provider,
    input.repository,
    target,
    input.timeline ?? null,
    leaderAnswers,
  ).catch((error: Error) => {
    throw new Problem(409, `Repository ${input.repository}: ${error.message}`)
  })
  const segments = draft.walk?.files.length ?? 0
  return {
    target,
    repository: input.repository,
    timeline: input.timeline ?? null,
    reachable: draft.reachable,
    reason: draft.reason,
    nearest: draft.nearest,
    backup: draft.backup?.id ?? null,
    segments,
    bytes: (draft.backup?.sizeBytes ?? 0) + segments * draft.segmentBytes,
    undone:
      leaderAnswers && draft.at !== null
        ? await inTime(COUNT_MS, () => countRecords(leader(), draft.at as string))
        : null,
    instructions: instructionsFor(provider.kind, target, input.repository, input.timeline),
  }
}

/** Asks for a restore beside the cluster. @throws Problem 409 */
export async function restoreTo(
  { target, timeline, repository, reason }: ParsedInputOf<typeof contract.restore>,
  { account }: AccountCaller,
): Promise<OutputOf<typeof contract.restore>> {
  theProvider()
  const { id } = await beginTask(
    { kind: 'restore', repository, target, timeline: timeline ?? null, folder: null },
    account.email,
    reason,
  )
  return { taskId: id }
}

/** A target as a query has it. */
export const toInput = (target: Target): { kind: Target['kind']; value?: string } => {
  const { kind, ...rest } = target
  return { kind, value: Object.values(rest)[0] as string | undefined }
}

function toTarget({ kind, value }: ParsedInputOf<typeof contract.planRestore>) {
  const field = { latest: 'latest', time: 'at', lsn: 'lsn', xid: 'xid', name: 'name' }[kind]
  const parsed = targetSchema.safeParse(kind === 'latest' ? { kind } : { kind, [field]: value })
  if (parsed.success) return parsed.data
  const message = `This is no ${kind === 'time' ? 'time with a zone, such as 2026-11-26T18:15:00Z' : kind}`
  throw new Problem(422, `value: ${message}`, { errors: [{ path: 'value', message }] })
}

/** Puts a restored folder in the leader’s place. @throws Problem 409, 422, 403 */
export const cutOverTo = (
  input: ParsedInputOf<typeof contract.cutOver>,
  { account }: AccountCaller,
): Promise<OutputOf<typeof contract.cutOver>> => cutOverBy(input, actorOf(account))
