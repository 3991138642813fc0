import { formatBytes, formatDuration, formatMoment, NONE } from '@/components/ui/format'
import { Panel } from '@/components/ui/panel'
import type { Operation } from '@/lib/recovery/operations/contract'
import { stateWords } from './words'

interface OperationListProps {
  operations: Operation[]
  onPick: (id: string) => void
}

/** Past switchovers and failovers with how long they took and what they lost. */
export function OperationList({ operations, onPick }: OperationListProps) {
  return (
    <Panel
      title="Operations"
      csv="operations"
      table={{
        caption: 'Operations',
        empty: 'The leader was never moved from here',
        rows: operations,
        rowKey: (operation) => operation.id,
        columns: [
          {
            title: 'When (UTC)',
            value: (operation) => operation.startedAt,
            show: (operation) => formatMoment(operation.startedAt, 'UTC'),
            onPick: (operation) => () => onPick(operation.id),
            nowrap: true,
          },
          { title: 'What', value: (operation) => operation.kind },
          { title: 'From', value: (operation) => operation.from },
          { title: 'To', value: (operation) => operation.to },
          {
            title: 'Came to',
            value: (operation) => operation.state,
            show: ({ state }) => stateWords[state].label,
          },
          {
            title: 'RTO',
            right: true,
            nowrap: true,
            value: (operation) => operation.rtoSeconds,
            show: ({ rtoSeconds }) => (rtoSeconds === null ? NONE : formatDuration(rtoSeconds * 1000)),
          },
          {
            title: 'Lost',
            right: true,
            nowrap: true,
            value: (operation) => operation.lostBytes,
            show: ({ lostBytes }) => formatBytes(lostBytes),
          },
          { title: 'Reason', wide: true, minor: true, value: (operation) => operation.reason },
        ],
      }}
    />
  )
}
