'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { query } from '@/lib/http/client'
import { getBackupHealth, listBackups } from '@/lib/recovery/backups/contract'

const RUNNING_MS = 1_000
const QUIET_MS = 10_000

/** The backups with their tasks: every second while one runs, so that each step is seen, else every 10 s. */
export function useBackups() {
  const client = useQueryClient()
  const result = useQuery({
    ...query(listBackups, {}),
    refetchInterval: ({ state }) =>
      state.data?.tasks.some(({ state: one }) => one === 'running') ? RUNNING_MS : QUIET_MS,
    retry: false,
  })
  const running = result.data?.tasks.find(({ state }) => state === 'running')
  const before = useRef(running?.id)
  // What a task came to shows in the health of backups: that must not wait for its turn.
  useEffect(() => {
    if (before.current && before.current !== running?.id)
      void client.invalidateQueries({ queryKey: [getBackupHealth.id] })
    before.current = running?.id
  }, [client, running?.id])
  return { ...result, running }
}

/** The health of backups, every 10 s. */
export const useBackupHealth = () =>
  useQuery({ ...query(getBackupHealth, {}), refetchInterval: QUIET_MS, retry: false })
