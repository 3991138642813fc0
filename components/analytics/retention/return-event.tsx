'use client'

import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import { getEventAnalytics } from '@/lib/analytics/events/contract'
import { query } from '@/lib/http/client'
import { returnEventsInput } from './inputs'
import { retentionParsers } from './search-params'

const ANY = ''

/** Chooses the event that counts as a return, from the most frequent ones. */
export function ReturnEvent() {
  const [search, setSearch] = useQueryStates(retentionParsers, { history: 'push' })
  const { data } = useQuery({ ...query(getEventAnalytics, returnEventsInput(search)), staleTime: 60_000 })
  const names = [...new Set([search.event ?? ANY, ...(data?.top.map(({ name }) => name) ?? [])])]
  return (
    <Select
      size="xs"
      w={220}
      aria-label="Event that counts as a return"
      searchable
      allowDeselect={false}
      comboboxProps={{ withinPortal: false }}
      value={search.event ?? ANY}
      onChange={(event) => setSearch({ event: event || null })}
      data={[
        { value: ANY, label: 'Return: any event' },
        ...names.filter((name) => name !== ANY).map((name) => ({ value: name, label: `Return: ${name}` })),
      ]}
    />
  )
}
