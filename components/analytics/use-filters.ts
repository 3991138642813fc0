'use client'

import { useQueryStates } from 'nuqs'
import { prefixes } from './inputs'
import { eventFields, eventParsers, type FilterField, filterParsers } from './search-params'

export const filterLabels: Record<FilterField, string> = {
  name: 'Name',
  type: 'Type',
  category: 'Category',
  action: 'Action',
  question: 'Question',
  userId: 'User',
  sessionId: 'Session',
  page: 'Page',
  device: 'Device',
  browser: 'Browser',
  os: 'OS',
}

export interface ActiveFilter {
  /** A field, `property.<key>` or `context.<key>`. */
  field: string
  label: string
  value: string
}

const nested = ['properties', 'context'] as const

/**
 * The filters in the URL, and how to change them; a change goes back to the first page of lists.
 *
 * @param fields those that the page filters by; others in the URL count for nothing
 */
export function useFilters(fields: readonly FilterField[] = eventFields) {
  const [search, setSearch] = useQueryStates(
    { ...filterParsers, cursor: eventParsers.cursor },
    { history: 'push' },
  )
  const active: ActiveFilter[] = [
    ...fields.flatMap((field) => {
      const value = search[field]
      return value === null ? [] : [{ field, label: filterLabels[field], value }]
    }),
    ...nested.flatMap((kind) =>
      Object.entries(search[kind] ?? {}).map(([key, value]) => ({
        field: prefixes[kind] + key,
        label: key,
        value,
      })),
    ),
  ]

  const setFilter = (field: string, value: string | null) => {
    const kind = nested.find((one) => field.startsWith(prefixes[one]))
    if (!kind) return setSearch({ [field]: value, cursor: null })
    const key = field.slice(prefixes[kind].length)
    const { [key]: _, ...others } = search[kind] ?? {}
    const changed = value === null ? others : { ...others, [key]: value }
    return setSearch({ [kind]: Object.keys(changed).length > 0 ? changed : null, cursor: null })
  }
  const clear = () => setSearch(null)
  return { active, setFilter, clear }
}
