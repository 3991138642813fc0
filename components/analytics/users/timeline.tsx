'use client'

import { Select, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import { useState } from 'react'
import { keepWhileLoading } from '@/components/analytics/keep-while-loading'
import { Pager } from '@/components/analytics/pager'
import type { Column } from '@/components/ui/data-table'
import { formatMoment } from '@/components/ui/format'
import { Rows } from '@/components/ui/grid'
import { later } from '@/components/ui/later'
import { Panel } from '@/components/ui/panel'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { listUserRecords } from '@/lib/analytics/users/contract'
import { type OutputOf, query } from '@/lib/http/client'
import { definitions } from './definitions'
import { timelineInput } from './inputs'
import { kindWords } from './kinds'
import { type Kind, kinds, userParsers } from './search-params'
import classes from './users.module.css'

const RecordDrawer = later(() => import('./record-drawer').then((loaded) => loaded.RecordDrawer))

export type UserRecord = OutputOf<typeof listUserRecords>['items'][number]

/** What the user did, newest first, a page at a time; one record opens with all it holds. */
export function Timeline({ userId, timezone }: { userId: string; timezone: string }) {
  const [search, setSearch] = useQueryStates(userParsers, { history: 'push', scroll: false })
  const [open, setOpen] = useState<UserRecord | null>(null)
  const { data, error, refetch, isFetching, isPlaceholderData } = useQuery({
    ...query(listUserRecords, timelineInput(userId, search)),
    ...keepWhileLoading,
  })
  if (error && !data) return <ProblemAlert error={error} retry={() => void refetch()} retrying={isFetching} />
  if (!data) return <Skeleton h={900} radius="lg" />
  return (
    <Rows busy={isPlaceholderData}>
      <Panel
        title="Timeline"
        definition={definitions.timeline}
        csv="timeline"
        table={{
          caption: 'Timeline',
          columns: columnsFor(timezone, setOpen),
          rows: data.items,
          rowKey: (record) => `${record.kind}·${record.id}`,
          empty: 'No records of this kind',
        }}
        tools={
          <>
            <Select
              size="xs"
              w={150}
              aria-label="Kind of record"
              allowDeselect={false}
              comboboxProps={{ withinPortal: false }}
              value={search.kind ?? 'all'}
              onChange={(kind) => setSearch({ kind: kind === 'all' ? null : (kind as Kind), cursor: null })}
              data={[
                { value: 'all', label: 'All kinds' },
                ...kinds.map((kind) => ({ value: kind, label: kindWords[kind].many })),
              ]}
            />
            <Pager next={data.nextCursor} loading={isPlaceholderData} />
          </>
        }
      />
      <RecordDrawer opened={open !== null} record={open} timezone={timezone} onClose={() => setOpen(null)} />
    </Rows>
  )
}

function columnsFor(timezone: string, open: (record: UserRecord) => void): Column<UserRecord>[] {
  return [
    {
      title: `Occurred (${timezone})`,
      value: (record) => record.occurredAt,
      show: (record) => <span className="num">{formatMoment(record.occurredAt, timezone)}</span>,
      nowrap: true,
    },
    {
      title: 'Kind',
      minor: true,
      value: (record) => record.kind,
      show: ({ kind }) => {
        const { one, icon: Icon } = kindWords[kind]
        return (
          <span className={classes.kind}>
            <Icon size={15} stroke={1.7} aria-hidden="true" />
            {one}
          </span>
        )
      },
    },
    {
      title: 'What',
      value: (record) => record.title,
      onPick: (record) => () => open(record),
      pickLabel: (record) => `Show all of ${record.title}`,
    },
    { title: 'Detail', wide: true, value: (record) => record.detail },
    { title: 'Session', minor: true, value: (record) => record.sessionId },
    { title: 'Device', minor: true, value: (record) => record.device },
  ]
}
