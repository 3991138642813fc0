'use client'

import { Switch } from '@mantine/core'
import { type SurveyItem, updateSurvey } from '@/lib/analytics/surveys/contract'
import { send } from '@/lib/http/client'
import { useSurveyChange } from './use-survey-change'

/** Whether a survey is asked. */
export function ActiveSwitch({ survey, project }: { survey: SurveyItem; project: string | undefined }) {
  const { mutate, isPending, variables } = useSurveyChange(
    (active: boolean) => send(updateSurvey, { id: survey.id, project, active }),
    (active) =>
      active ? 'It is asked: apps know within a minute.' : 'It is off: apps know within a minute.',
  )
  return (
    <Switch
      size="sm"
      aria-label={`Ask “${survey.question}”`}
      checked={isPending ? variables : survey.active}
      disabled={isPending}
      onChange={(event) => mutate(event.currentTarget.checked)}
    />
  )
}
