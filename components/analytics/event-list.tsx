'use client'

import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import { useState } from 'react'
import type { Column } from '@/components/ui/data-table'
import { formatDuration, formatMoment } from '@/components/ui/format'
import { later } from '@/components/ui/later'
import { Panel } from '@/components/ui/panel'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { listEvents } from '@/lib/analytics/events/contract'
import { type OutputOf, query } from '@/lib/http/client'
import { definitions } from './definitions'
import { listInput } from './inputs'
import { keepWhileLoading } from './keep-while-loading'
import { Pager } from './pager'
import { eventParsers } from './search-params'

const EventDrawer = later(() => import('./event-drawer').then((loaded) => loaded.EventDrawer))

export type EventItem = OutputOf<typeof listEvents>['items'][number]

/** Single events, newest first, a page at a time; one opens with all it holds. */
export function EventList({ timezone }: { timezone: string }) {
  const [search] = useQueryStates(eventParsers)
  const [open, setOpen] = useState<EventItem | null>(null)
  const { data, error, refetch, isFetching, isPlaceholderData } = useQuery({
    ...query(listEvents, listInput(search)),
    ...keepWhileLoading,
  })
  if (error && !data) return <ProblemAlert error={error} retry={() => void refetch()} retrying={isFetching} />
  if (!data) return <Skeleton h={900} radius="lg" />
  return (
    <>
      <Panel
        title="Latest events"
        definition={definitions.list}
        csv="events"
        table={{
          caption: 'Latest events',
          columns: columnsFor(timezone, setOpen),
          rows: data.items,
          rowKey: (event) => `${event.userId}·${event.id}`,
          empty: 'No events in this range',
        }}
        tools={<Pager next={data.nextCursor} loading={isPlaceholderData} />}
      />
      <EventDrawer opened={open !== null} event={open} timezone={timezone} onClose={() => setOpen(null)} />
    </>
  )
}

function columnsFor(timezone: string, open: (event: EventItem) => void): Column<EventItem>[] {
  return [
    {
      title: `Occurred (${timezone})`,
      value: (event) => event.occurredAt,
      show: (event) => <span className="num">{formatMoment(event.occurredAt, timezone)}</span>,
      nowrap: true,
    },
    {
      title: 'Name',
      value: (event) => event.name,
      onPick: (event) => () => open(event),
      pickLabel: (event) => `Show all of ${event.name}`,
    },
    { title: 'Type', minor: true, value: (event) => event.type },
    { title: 'User', value: (event) => event.userId, nowrap: true },
    { title: 'Page', wide: true, value: (event) => event.page },
    { title: 'Device', value: (event) => event.device },
    { title: 'Browser', value: (event) => event.browser },
    { title: 'OS', value: (event) => event.os },
    {
      title: 'Duration',
      right: true,
      value: (event) => event.durationMs,
      show: (event) => formatDuration(event.durationMs),
    },
  ]
}
