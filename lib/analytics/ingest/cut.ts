import { NAME_LIMIT } from '@/lib/analytics/events/contract'
import type { AnyRecord } from '@/lib/analytics/ingest/rows'
import { kept } from '@/lib/analytics/recording/contract'

const limits = Object.entries(kept)

/** A record of whose texts no more is left than is kept, and how many were longer. */
export function cutTexts(record: AnyRecord): { record: AnyRecord; cuts: number } {
  const cut: Record<string, string> = {}
  const shorten = (field: string, limit: number) => {
    const value = (record as unknown as Record<string, unknown>)[field]
    // No half of a character is left.
    if (typeof value === 'string' && value.length > limit)
      cut[field] = value.slice(0, limit).replace(/[\ud800-\udbff]$/, '')
  }
  for (const [field, limit] of limits) shorten(field, limit)
  if (record.kind === 'event') shorten('name', NAME_LIMIT)
  const cuts = Object.keys(cut).length
  return cuts === 0 ? { record, cuts } : { record: { ...record, ...cut }, cuts }
}
