'use client'

import { Anchor, Button, Group, Text } from '@mantine/core'
import Link from 'next/link'
import { createSerializer, useQueryStates } from 'nuqs'
import { satisfactionParsers } from '@/components/analytics/satisfaction/search-params'
import { surveyWords } from '@/components/analytics/satisfaction/surveys'
import { rangeParsers } from '@/components/analytics/search-params'
import { useConfirm } from '@/components/ui/confirm'
import type { Column } from '@/components/ui/data-table'
import { Panel } from '@/components/ui/panel'
import { deleteSurvey, type SurveyItem } from '@/lib/analytics/surveys/contract'
import { send } from '@/lib/http/client'
import { ActiveSwitch } from './active-switch'
import { TryIt } from './try-it'
import { useSurveyChange } from './use-survey-change'

const withSearch = createSerializer(satisfactionParsers)

const DEFINITION =
  'The tracker asks the surveys that are on, on pages whose path matches. A response names its survey in its context, so that the Satisfaction page can show it apart.'

interface SurveyListProps {
  surveys: SurveyItem[]
  /** Absent for those who may only see them. */
  onEdit?: (survey: SurveyItem) => void
}

/** The surveys of the project: what is asked, where and when. */
export function SurveyList({ surveys, onEdit }: SurveyListProps) {
  const [range] = useQueryStates(rangeParsers)
  const project = range.project ?? undefined
  const confirm = useConfirm()
  const remove = useSurveyChange(
    ({ id }: SurveyItem) => send(deleteSurvey, { id, project }),
    () => 'The survey is deleted. Its responses stay.',
  )
  const ask = (survey: SurveyItem) =>
    confirm({
      title: 'Delete this survey?',
      children: (
        <Text size="sm">
          “{survey.question}” is asked no more, and cannot be brought back. The responses to it stay.
          {survey.active && ' To have it back later, turn it off instead.'}
        </Text>
      ),
      confirm: 'Delete the survey',
      cancel: 'Keep it',
      onConfirm: () => remove.mutate(survey),
    })
  const columns: Column<SurveyItem>[] = [
    {
      title: 'Question',
      wide: true,
      value: ({ question }) => question,
      onPick: (survey) => onEdit && (() => onEdit(survey)),
      pickLabel: ({ question }) => `Change “${question}”`,
    },
    { title: 'Kind', value: ({ survey }) => survey, show: ({ survey }) => surveyWords[survey].label },
    { title: 'Where', minor: true, value: ({ page }) => page, show: whereOf },
    { title: 'When', minor: true, nowrap: true, value: whenOf },
    {
      title: 'Asked',
      value: ({ active }) => active,
      show: (survey) =>
        onEdit ? <ActiveSwitch survey={survey} project={project} /> : survey.active ? 'on' : 'off',
    },
    {
      title: 'Responses',
      minor: true,
      value: () => null,
      show: ({ id, survey, question }) => (
        <Anchor
          component={Link}
          href={withSearch('/satisfaction', { ...range, survey, context: { survey: id } })}
          size="sm"
          aria-label={`Show the responses to “${question}”`}
        >
          Show
        </Anchor>
      ),
    },
    {
      title: 'Actions',
      right: true,
      value: () => null,
      show: (survey) => (
        <Group gap={6} justify="flex-end" wrap="nowrap">
          <TryIt survey={survey} size="compact-xs" label={`Try it: “${survey.question}”`} />
          {onEdit && (
            <Button
              size="compact-xs"
              variant="default"
              c="var(--hf-bad)"
              aria-label={`Delete “${survey.question}”`}
              onClick={() => ask(survey)}
            >
              Delete
            </Button>
          )}
        </Group>
      ),
    },
  ]
  return (
    <Panel
      title="Surveys of this project"
      definition={DEFINITION}
      table={{ caption: 'Surveys', columns, rows: surveys, rowKey: ({ id }) => id }}
    />
  )
}

const whereOf = ({ page }: SurveyItem) => (page === '*' ? 'every page' : <code>{page}</code>)

const whenOf = ({ delaySeconds, everyDays }: SurveyItem): string =>
  `${delaySeconds === 0 ? 'at once' : `after ${delaySeconds} s`}, every ${everyDays === 1 ? 'day' : `${everyDays} days`}`
