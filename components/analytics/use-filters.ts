'use client'

import { useQueryStates } from 'nuqs'
import type { FilterSearch } from './inputs'
import { eventParsers, filterParsers } from './search-params'

export const filterLabels: Record<Exclude<keyof FilterSearch, 'properties'>, string> = {
  name: 'Name',
  type: 'Type',
  category: 'Category',
  userId: 'User',
  sessionId: 'Session',
  page: 'Page',
  device: 'Device',
  browser: 'Browser',
  os: 'OS',
}

export type FilterField = keyof typeof filterLabels

export interface ActiveFilter {
  /** A field, or `property.<key>`. */
  field: string
  label: string
  value: string
}

const PROPERTY = 'property.'
const isField = (field: string): field is FilterField => field in filterLabels

/** The filters in the URL, and how to change them; a change goes back to the first page of lists. */
export function useFilters() {
  const [search, setSearch] = useQueryStates(
    { ...filterParsers, cursor: eventParsers.cursor },
    { history: 'push' },
  )
  const active: ActiveFilter[] = [
    ...Object.entries(filterLabels).flatMap(([field, label]) => {
      const value = search[field as FilterField]
      return value === null ? [] : [{ field, label, value }]
    }),
    ...Object.entries(search.properties ?? {}).map(([key, value]) => ({
      field: PROPERTY + key,
      label: key,
      value,
    })),
  ]

  const setFilter = (field: string, value: string | null) => {
    if (isField(field)) return setSearch({ [field]: value, cursor: null })
    const { [field.slice(PROPERTY.length)]: _, ...others } = search.properties ?? {}
    const properties = value === null ? others : { ...others, [field.slice(PROPERTY.length)]: value }
    return setSearch({ properties: Object.keys(properties).length > 0 ? properties : null, cursor: null })
  }
  const clear = () => setSearch(null)
  return { active, setFilter, clear }
}
