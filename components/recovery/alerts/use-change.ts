'use client'

import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { detailOf } from '@/components/ui/problem-alert'
import { listChannels } from '@/lib/recovery/alerts/channels/contract'
import { getAlerts, listFiringAlerts } from '@/lib/recovery/alerts/contract'

/** A change of alerts or channels: says what happened, and has everything that shows them ask again. */
export function useChange<Input>(
  change: (input: Input) => Promise<unknown>,
  said: string,
  options: { onSuccess?: () => void; onError?: (error: Error) => void } = {},
) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: () => {
      notifications.show({ color: 'tide', message: said })
      options.onSuccess?.()
    },
    onError:
      options.onError ??
      ((error) =>
        notifications.show({ color: 'red', title: 'Nothing was changed', message: detailOf(error) })),
    onSettled: () =>
      Promise.all(
        [getAlerts, listFiringAlerts, listChannels].map(({ id }) =>
          client.invalidateQueries({ queryKey: [id] }),
        ),
      ),
  })
}
