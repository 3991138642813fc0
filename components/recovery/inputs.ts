import type { InputOf } from '@/lib/http/client'
import type { getJournal } from '@/lib/recovery/journal/contract'
import type { planRestore, Target } from '@/lib/recovery/restore/contract'

/** The journal's question from the address: the same on the server and in the browser. */
export const journalInput = (asked: {
  operationId: string | null
  before: number | null
}): InputOf<typeof getJournal> => ({
  ...(asked.operationId && { operationId: asked.operationId }),
  ...(asked.before && { before: asked.before }),
})

/** The plan's question from the address. */
export const planInput = (asked: {
  kind: Target['kind']
  value: string | null
  repository: number
  timeline: number | null
}): InputOf<typeof planRestore> => ({
  kind: asked.kind,
  ...(asked.kind !== 'latest' && asked.value && { value: asked.value }),
  repository: asked.repository,
  timeline: asked.timeline ?? undefined,
})
