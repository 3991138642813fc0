import { Anchor } from '@mantine/core'
import Link from 'next/link'
import type { Column } from '@/components/ui/data-table'
import { Panel } from '@/components/ui/panel'
import type { RestorePoint } from '@/lib/recovery/backups/contract'
import { definitions } from './definitions'
import { formatShort } from './words'

const columns: Column<RestorePoint>[] = [
  {
    title: 'Name',
    nowrap: true,
    value: ({ name }) => name,
    show: ({ name }) => (
      <Anchor
        component={Link}
        size="sm"
        href={`/recovery/restore?kind=name&value=${encodeURIComponent(name)}`}
        title={`Plan a restore to ${name}`}
      >
        {name}
      </Anchor>
    ),
  },
  { title: 'At (UTC)', nowrap: true, value: ({ at }) => at, show: ({ at }) => formatShort(at) },
  { title: 'LSN', minor: true, value: ({ lsn }) => lsn },
  { title: 'Who', wide: true, minor: true, value: ({ actor }) => actor },
]

/** Moments that were named; each leads to the plan of a restore to it. */
export const RestorePoints = ({ points }: { points: RestorePoint[] }) => (
  <Panel
    title="Restore points"
    definition={definitions.points}
    csv="restore-points"
    table={{
      caption: 'Restore points, newest first',
      columns,
      rows: points,
      rowKey: ({ name, at }) => `${name} ${at}`,
      maxHeight: 300,
      empty: 'None yet: name this moment before you do something that you may want undone',
    }}
  />
)
