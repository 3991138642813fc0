'use client'

import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { detailOf } from './problem-alert'

/**
 * A change: says what happened, and has everything that shows it ask again.
 *
 * @param shownBy the questions whose answers it changes
 */
export function useChange<Input>(
  shownBy: { id: string }[],
  change: (input: Input) => Promise<unknown>,
  said: string | ((input: Input) => string),
  options: { onSuccess?: () => void; onError?: (error: Error) => void } = {},
) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: (_answer, input) => {
      notifications.show({ color: 'tide', message: typeof said === 'string' ? said : said(input) })
      options.onSuccess?.()
    },
    onError:
      options.onError ??
      ((error) =>
        notifications.show({ color: 'red', title: 'Nothing was changed', message: detailOf(error) })),
    onSettled: () => Promise.all(shownBy.map(({ id }) => client.invalidateQueries({ queryKey: [id] }))),
  })
}
