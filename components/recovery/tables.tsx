import type { Column } from '@/components/ui/data-table'
import { formatBytes, formatDuration, formatMoment, NONE } from '@/components/ui/format'
import type { ReplicationStatus } from '@/lib/recovery/replication/contract'
import type { Span } from './spans'

export const slotColumns: Column<ReplicationStatus['slots'][number]>[] = [
  { title: 'Slot', wide: true, value: (slot) => slot.name },
  { title: 'Active', value: (slot) => slot.active, show: (slot) => (slot.active ? 'active' : 'not active') },
  { title: 'WAL', value: (slot) => slot.status },
  {
    title: 'WAL kept',
    right: true,
    value: (slot) => slot.retainedBytes,
    show: (slot) => formatBytes(slot.retainedBytes),
  },
]

export const historyColumns: Column<ReplicationStatus['history'][number]>[] = [
  { title: 'Timeline', value: (entry) => entry.timeline },
  { title: 'Ended at LSN', value: (entry) => entry.lsn, nowrap: true },
  { title: 'Reason', wide: true, value: (entry) => entry.reason },
  {
    title: 'When (UTC)',
    value: (entry) => entry.at,
    show: (entry) => (entry.at ? formatMoment(entry.at, 'UTC') : NONE),
    nowrap: true,
  },
  { title: 'New leader', value: (entry) => entry.leader },
]

export const spanColumns: Column<Span>[] = [
  { title: 'Member', value: (span) => span.member },
  { title: 'Was', value: (span) => wordOf(span), wide: true },
  {
    title: 'From (UTC)',
    value: (span) => span.from,
    show: (span) => formatMoment(span.from, 'UTC'),
    nowrap: true,
  },
  { title: 'To (UTC)', value: (span) => span.to, show: (span) => formatMoment(span.to, 'UTC'), nowrap: true },
  {
    title: 'Highest lag',
    right: true,
    value: (span) => span.lagBytes,
    show: (span) => formatBytes(span.lagBytes),
  },
  {
    title: 'Highest replay lag',
    right: true,
    value: (span) => span.replayMs,
    show: (span) => formatDuration(span.replayMs),
  },
]

/** What a member was, in a word or two. */
export function wordOf({ role, healthy }: Span): string {
  if (role === null) return 'not seen'
  if (role === 'unknown') return 'down'
  return healthy ? role : `${role}, not healthy`
}
