'use client'

import {
  Button,
  Group,
  Modal,
  NumberInput,
  SegmentedControl,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { useForm } from '@mantine/form'
import { surveys } from '@/components/analytics/satisfaction/search-params'
import { surveyWords } from '@/components/analytics/satisfaction/surveys'
import { fieldMessages, isAtFields } from '@/components/settings/form-errors'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { createSurvey, type SurveyItem, updateSurvey } from '@/lib/analytics/surveys/contract'
import { send } from '@/lib/http/client'
import { presets } from './presets'
import { checks, type SurveyValues, toInput, valuesOf, withKind } from './survey-values'
import classes from './surveys.module.css'
import { TryIt } from './try-it'
import { useSurveyChange } from './use-survey-change'

interface SurveyFormProps {
  /** Nothing makes a new one. */
  survey: SurveyItem | undefined
  project: string | undefined
  onClose: () => void
}

/** Makes a survey, or changes one, and lets it be tried before it is saved. */
export function SurveyForm({ survey, project, onClose }: SurveyFormProps) {
  const form = useForm<SurveyValues>({ initialValues: valuesOf(survey), validate: checks })
  const { mutate, error, isPending } = useSurveyChange(
    (values: SurveyValues) =>
      survey
        ? send(updateSurvey, { id: survey.id, project, ...toInput(values) })
        : send(createSurvey, { project, survey: values.survey, ...toInput(values) }),
    ({ active }) =>
      active ? 'The survey is saved: apps know within a minute.' : 'The survey is saved, and off.',
    { onSuccess: onClose, onError: (failed) => form.setErrors(fieldMessages(failed)) },
  )
  const { values } = form
  return (
    <Modal opened onClose={onClose} title={survey ? 'Change the survey' : 'New survey'} size="lg">
      <form onSubmit={form.onSubmit((values) => mutate(values))}>
        <Stack gap="sm">
          {error && !isAtFields(error) && <ProblemAlert error={error} title="Nothing was saved" />}
          <div>
            <SegmentedControl
              aria-label="Kind"
              data={surveys.map((value) => ({ value, label: surveyWords[value].label }))}
              disabled={survey !== undefined}
              value={values.survey}
              onChange={(kind) => form.setValues(withKind(values, kind as SurveyValues['survey']))}
            />
            <Text size="xs" c="dimmed" mt={4}>
              {survey
                ? 'The kind stays: scores of another one mean something else. Make another survey for it.'
                : presets[values.survey].use}
            </Text>
          </div>
          <Textarea
            label="Question"
            autosize
            minRows={1}
            maxRows={4}
            maxLength={300}
            data-autofocus
            {...form.getInputProps('question')}
          />
          <TextInput
            label="Then ask for words"
            description="Shown once a score is chosen; nobody has to answer it. Empty asks for the score alone."
            maxLength={300}
            {...form.getInputProps('followUp')}
          />
          <fieldset className={classes.targeting}>
            <legend>Who is asked</legend>
            <TextInput
              label="Pages"
              description="The path of a page. * stands for anything: /orders/* is every page below /orders, * is every page."
              maxLength={200}
              autoComplete="off"
              spellCheck={false}
              {...form.getInputProps('page')}
            />
            <Group gap="sm" grow preventGrowOverflow={false} align="flex-start">
              <NumberInput
                label="Seconds on the page before"
                min={0}
                max={600}
                clampBehavior="strict"
                allowDecimal={false}
                {...form.getInputProps('delaySeconds')}
              />
              <NumberInput
                label="Days until asked again"
                min={1}
                max={365}
                allowDecimal={false}
                {...form.getInputProps('everyDays')}
              />
            </Group>
            <Text size="xs" c="dimmed">
              Everyone who stays that long on such a page, once in so many days in each browser, whether they
              answer or close it.
            </Text>
          </fieldset>
          <Switch label="Ask it" {...form.getInputProps('active', { type: 'checkbox' })} />
          <Group justify="space-between" gap="xs">
            <TryIt size="sm" survey={{ ...toInput(values), survey: values.survey }} />
            <Group gap="xs">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={isPending}>
                {survey ? 'Save' : 'Make the survey'}
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
