'use client'

import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import { Freshness } from '@/components/layout/freshness'
import { PageHeader } from '@/components/layout/page-header'
import { RangePicker } from '@/components/layout/range-picker'
import type { Column } from '@/components/ui/data-table'
import { formatMoment } from '@/components/ui/format'
import { Rows } from '@/components/ui/grid'
import { Panel } from '@/components/ui/panel'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { listUsers } from '@/lib/analytics/users/contract'
import { type OutputOf, query } from '@/lib/http/client'
import { FilterBar } from './filter-bar'
import { FirstEvent } from './first-event'
import { keepWhileLoading } from './keep-while-loading'
import { Pager } from './pager'
import { SearchField } from './search-field'
import { useFilters } from './use-filters'
import { definitions } from './users/definitions'
import { usersInput } from './users/inputs'
import { userFields, userListParsers } from './users/search-params'
import { UserLink } from './users/user-link'
import classes from './users/users.module.css'

type Answer = OutputOf<typeof listUsers>
type User = Answer['items'][number]

/** Who uses the product, last seen first; each leads to all that is known of them. */
export function UsersPanel() {
  const [search] = useQueryStates(userListParsers)
  const { data, error, refetch, isFetching, isPlaceholderData } = useQuery({
    ...query(listUsers, usersInput(search)),
    ...keepWhileLoading,
  })
  const { active } = useFilters(userFields)
  const narrowed = search.search !== null || search.cursor !== null || active.length > 0
  return (
    <>
      <PageHeader title="Users">
        <Freshness
          asOf={data?.asOf}
          readFrom={data?.readFrom}
          timezone={data?.timezone}
          stale={error !== null}
          fetching={isFetching}
          refresh={() => void refetch()}
        />
        <RangePicker />
      </PageHeader>
      <Rows>
        <FilterBar fields={userFields} />
        {error && <ProblemAlert error={error} retry={() => void refetch()} retrying={isFetching} />}
        {data && data.items.length === 0 && !narrowed && <FirstEvent />}
        {data && (data.items.length > 0 || narrowed) && (
          <Rows busy={isPlaceholderData}>
            <Panel
              title="Last seen"
              definition={definitions.list}
              csv="users"
              tools={
                <>
                  <SearchField label="Search users by id" placeholder="Part of a user’s id" />
                  <Pager next={data.nextCursor} loading={isPlaceholderData} />
                </>
              }
              table={{
                caption: 'Users',
                columns: columnsFor(data.timezone),
                rows: data.items,
                rowKey: (user) => user.userId,
                empty: 'No user matches',
              }}
            />
          </Rows>
        )}
        {!data && !error && <Skeleton h={900} radius="lg" />}
      </Rows>
    </>
  )
}

function columnsFor(timezone: string): Column<User>[] {
  const moment = (at: string) => <span className="num">{formatMoment(at, timezone)}</span>
  return [
    {
      title: 'User',
      value: (user) => user.userId,
      show: (user) => (
        <span className={classes.user}>
          <UserLink userId={user.userId} />
          {user.anonymous && <span className={classes.anonymous}>anonymous</span>}
        </span>
      ),
    },
    {
      title: `Last seen (${timezone})`,
      value: (user) => user.lastSeenAt,
      show: (user) => moment(user.lastSeenAt),
      nowrap: true,
    },
    {
      title: 'First seen',
      minor: true,
      value: (user) => user.firstSeenAt,
      show: (user) => moment(user.firstSeenAt),
      nowrap: true,
    },
    { title: 'Events', right: true, value: (user) => user.events },
    { title: 'Sessions', right: true, minor: true, value: (user) => user.sessions },
    { title: 'Device', minor: true, value: (user) => user.device },
    { title: 'Browser', minor: true, value: (user) => user.browser },
    { title: 'OS', minor: true, value: (user) => user.os },
  ]
}
