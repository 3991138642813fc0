'use client'

import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { atBase } from '@/lib/http/base-path'
import type { Ask, Question } from '@/lib/tracker/types'

/** What the tracker loads in an app, too. */
const ADDRESS = atBase('/survey.js')

interface TryItProps {
  survey: Question
  size: 'compact-xs' | 'sm'
  label?: string
}

/** Asks the survey here and now, as a user will see it; nothing is recorded. */
export function TryIt({ survey, size, label }: TryItProps) {
  const { mutate, isPending } = useMutation({
    mutationFn: async () => {
      const { ask }: { ask: Ask } = await import(/* turbopackIgnore: true */ ADDRESS)
      ask(survey, say)
      enter()
    },
    onError: () =>
      notifications.show({
        color: 'red',
        title: 'Nothing was asked',
        message: `${ADDRESS} could not be loaded.`,
      }),
  })
  return (
    <Button size={size} variant="default" aria-label={label} loading={isPending} onClick={() => mutate()}>
      Try it
    </Button>
  )
}

function say(score: number, response?: string): void {
  notifications.show({
    color: 'tide',
    title: 'This would have been recorded',
    message: response ? `Score ${score}, “${response}”` : `Score ${score}, without words`,
  })
}

/** In an app focus stays where it is; here somebody has asked for the survey, perhaps from within a dialog. */
function enter(): void {
  const host = document.querySelector('[data-holdfast-survey]')
  // Escape is meant for the survey, not for the dialog below it.
  host?.setAttribute('data-mantine-stop-propagation', 'true')
  host?.shadowRoot?.querySelector('input')?.focus()
}
