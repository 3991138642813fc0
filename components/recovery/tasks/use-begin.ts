'use client'

import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { detailOf } from '@/components/ui/problem-alert'
import { getBackupHealth, listBackups } from '@/lib/recovery/backups/contract'

/**
 * Has a task begun, and says so if it was refused.
 *
 * @param onBegun gets the task's id as soon as the list holds it
 */
export function useBegin<Input>(
  begin: (input: Input) => Promise<{ taskId: string }>,
  onBegun: (taskId: string) => void,
  onError?: (error: Error) => void,
) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: begin,
    onSuccess: async ({ taskId }) => {
      await client.invalidateQueries({ queryKey: [listBackups.id] })
      void client.invalidateQueries({ queryKey: [getBackupHealth.id] })
      onBegun(taskId)
    },
    onError:
      onError ??
      ((error) => notifications.show({ color: 'red', title: 'Nothing was begun', message: detailOf(error) })),
  })
}
