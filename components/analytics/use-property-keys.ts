'use client'

import { useQuery } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import { listPropertyKeys } from '@/lib/analytics/events/contract'
import { query } from '@/lib/http/client'
import { keysInput } from './inputs'
import { rangeParsers } from './search-params'

/** The property keys in use in the range; none while they are on the way, and none where they are not wanted. */
export function usePropertyKeys(wanted = true): string[] {
  const [search] = useQueryStates(rangeParsers)
  const { data } = useQuery({
    ...query(listPropertyKeys, keysInput(search)),
    staleTime: 60_000,
    enabled: wanted,
  })
  return data?.keys ?? []
}
