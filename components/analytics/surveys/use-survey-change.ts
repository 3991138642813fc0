'use client'

import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { detailOf } from '@/components/ui/problem-alert'
import { listSurveys } from '@/lib/analytics/surveys/contract'

/** A change of surveys: says what happened, and has the list ask again. */
export function useSurveyChange<Input>(
  change: (input: Input) => Promise<unknown>,
  said: (input: Input) => string,
  options: { onSuccess?: () => void; onError?: (error: Error) => void } = {},
) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: (_answer, input) => {
      notifications.show({ color: 'tide', message: said(input) })
      options.onSuccess?.()
    },
    onError:
      options.onError ??
      ((error) =>
        notifications.show({ color: 'red', title: 'Nothing was changed', message: detailOf(error) })),
    onSettled: () => client.invalidateQueries({ queryKey: [listSurveys.id] }),
  })
}
