'use client'

import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useQueryStates } from 'nuqs'
import { Freshness } from '@/components/layout/freshness'
import { PageHeader } from '@/components/layout/page-header'
import { RangePicker } from '@/components/layout/range-picker'
import { Rows } from '@/components/ui/grid'
import { BodySkeleton } from '@/components/ui/page-skeleton'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { listFunnels } from '@/lib/analytics/funnels/contract'
import { query } from '@/lib/http/client'
import { FilterBar } from './filter-bar'
import { FirstStage } from './funnels/first-stage'
import { FunnelList } from './funnels/funnel-list'
import { funnelsInput } from './funnels/inputs'
import { funnelsParsers } from './funnels/search-params'
import { useFunnelAddress } from './funnels/use-funnel-address'
import { keepWhileLoading } from './keep-while-loading'
import { commonFields } from './search-params'

/** Every funnel with its conversion, and the way to build another. */
export function FunnelsPanel() {
  const [search] = useQueryStates(funnelsParsers)
  const { fresh } = useFunnelAddress()
  const { data, error, refetch, isFetching, isPlaceholderData } = useQuery({
    ...query(listFunnels, funnelsInput(search)),
    ...keepWhileLoading,
  })
  return (
    <>
      <PageHeader title="Funnels">
        <Freshness
          asOf={data?.asOf}
          readFrom={data?.readFrom}
          timezone={data?.timezone}
          stale={error !== null}
          fetching={isFetching}
          refresh={() => void refetch()}
        />
        <RangePicker />
        <Button component={Link} href={fresh} leftSection={<IconPlus size={16} />}>
          New funnel
        </Button>
      </PageHeader>
      <Rows>
        <FilterBar fields={commonFields} />
        {error && <ProblemAlert error={error} retry={() => void refetch()} retrying={isFetching} />}
        {data && (
          <Rows busy={isPlaceholderData}>
            {data.funnels.length > 0 ? <FunnelList funnels={data.funnels} /> : <FirstStage />}
          </Rows>
        )}
        {!data && !error && <BodySkeleton />}
      </Rows>
    </>
  )
}
