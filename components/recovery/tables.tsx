import type { Column } from '@/components/ui/data-table'
import { formatBytes, formatMoment, NONE } from '@/components/ui/format'
import type { ReplicationStatus } from '@/lib/recovery/replication/contract'

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
