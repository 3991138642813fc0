'use client'

import { useQuery } from '@tanstack/react-query'
import { query } from '@/lib/http/client'
import { getReplicationStatus } from '@/lib/recovery/replication/contract'

/** The cluster, asked for every so many milliseconds; the last answer stands while the server is not reached. */
export function useReplication(intervalMs: number) {
  return useQuery({
    ...query(getReplicationStatus, {}),
    refetchInterval: intervalMs,
    staleTime: intervalMs,
    retry: false,
  })
}
