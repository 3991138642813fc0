'use client'

import { Anchor } from '@mantine/core'
import Link from 'next/link'
import { ShareBar } from '@/components/charts/share-bar'
import type { Column } from '@/components/ui/data-table'
import { Panel } from '@/components/ui/panel'
import type { listFunnels } from '@/lib/analytics/funnels/contract'
import type { OutputOf } from '@/lib/http/client'
import { definitions } from './definitions'
import { useFunnelAddress } from './use-funnel-address'

type FunnelRow = OutputOf<typeof listFunnels>['funnels'][number]

/** The funnels of a project, each with a link to its stages. */
export function FunnelList({ funnels }: { funnels: FunnelRow[] }) {
  const { of } = useFunnelAddress()
  const columns: Column<FunnelRow>[] = [
    {
      title: 'Funnel',
      wide: true,
      value: (row) => row.name,
      show: (row) => (
        <Anchor component={Link} href={of(row.name)} fz="sm" fw={550}>
          {row.name}
        </Anchor>
      ),
    },
    { title: 'Source', minor: true, nowrap: true, value: (row) => sourceOf(row) },
    { title: 'Entered', right: true, value: (row) => row.entered },
    { title: 'Completed', right: true, minor: true, value: (row) => row.completed },
    {
      title: 'Conversion',
      right: true,
      value: (row) => row.conversionRate,
      show: (row) => <ShareBar share={row.conversionRate} />,
    },
  ]
  if (funnels.some((row) => row.definition))
    columns.splice(2, 0, { title: 'Steps', minor: true, value: (row) => stepsOf(row) })
  return (
    <Panel
      title="All funnels"
      definition={`${definitions.funnels} ${definitions.entered} ${definitions.completed}`}
      csv="funnels"
      table={{ caption: 'All funnels', columns, rows: funnels, rowKey: (row) => `${row.source}·${row.name}` }}
    />
  )
}

const sourceOf = (row: FunnelRow): string => (row.source === 'events' ? 'From events' : 'Tracked')

const stepsOf = ({ definition }: FunnelRow): string | undefined =>
  definition?.steps.map((step) => step.label ?? step.name).join(' → ')
