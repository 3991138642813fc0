'use client'

import { Anchor, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useQueryStates } from 'nuqs'
import { useFunnelAddress } from '@/components/analytics/funnels/use-funnel-address'
import { keepWhileLoading } from '@/components/analytics/keep-while-loading'
import { rangeParsers } from '@/components/analytics/search-params'
import { ShareBar } from '@/components/charts/share-bar'
import { Panel } from '@/components/ui/panel'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { listFunnels } from '@/lib/analytics/funnels/contract'
import { query } from '@/lib/http/client'
import { CardLink } from './card-link'
import { definitions } from './definitions'
import { conversionInput } from './inputs'

const ROWS = 5

/** The funnels that most enter, with their conversion. */
export function ConversionCard() {
  const [search] = useQueryStates(rangeParsers)
  const { of } = useFunnelAddress()
  const { data, error, refetch } = useQuery({
    ...query(listFunnels, conversionInput(search)),
    ...keepWhileLoading,
  })
  if (error && !data) return <ProblemAlert error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton h={260} radius="lg" />
  return (
    <Panel
      title="Funnels"
      definition={definitions.funnels}
      csv="funnels"
      tools={<CardLink href="/funnels">All funnels</CardLink>}
      table={{
        caption: 'Funnels',
        columns: [
          {
            title: 'Funnel',
            wide: true,
            value: (row) => row.name,
            show: (row) => (
              <Anchor component={Link} href={of(row.name)} fz="sm" prefetch={false}>
                {row.name}
              </Anchor>
            ),
          },
          { title: 'Entered', right: true, value: (row) => row.entered },
          {
            title: 'Conversion',
            right: true,
            value: (row) => row.conversionRate,
            show: (row) => <ShareBar share={row.conversionRate} />,
          },
        ],
        rows: data.funnels.toSorted((a, b) => (b.entered ?? -1) - (a.entered ?? -1)).slice(0, ROWS),
        rowKey: (row) => `${row.source}·${row.name}`,
        empty: 'No funnel was entered or saved',
      }}
    />
  )
}
