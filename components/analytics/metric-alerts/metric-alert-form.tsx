'use client'

import {
  Button,
  Group,
  Modal,
  NumberInput,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core'
import { useForm } from '@mantine/form'
import { surveys } from '@/components/analytics/satisfaction/search-params'
import { surveyWords } from '@/components/analytics/satisfaction/surveys'
import { fieldMessages, isAtFields } from '@/components/settings/form-errors'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { useChange } from '@/components/ui/use-change'
import {
  createMetricAlert,
  isChange,
  listMetricAlerts,
  type MetricAlert,
  replaceMetricAlert,
} from '@/lib/analytics/metric-alerts/contract'
import { send } from '@/lib/http/client'
import { NameField } from './name-field'
import { checks, type MetricValues, toDefinition, valuesOf } from './values'
import { conditions, describeWindow, kinds, unitOf } from './words'

/** Hours that are offered. */
const WINDOWS = [1, 6, 24, 168, 720]

interface MetricAlertFormProps {
  /** Nothing makes a new one. */
  alert: MetricAlert | undefined
  project: string | undefined
  onClose: () => void
}

/** Makes a metric alert, or changes one. */
export function MetricAlertForm({ alert, project, onClose }: MetricAlertFormProps) {
  const form = useForm<MetricValues>({ initialValues: valuesOf(alert), validate: checks })
  const { mutate, error, isPending } = useChange(
    [listMetricAlerts],
    (values: MetricValues) =>
      alert
        ? send(replaceMetricAlert, { id: alert.id, project, ...toDefinition(values) })
        : send(createMetricAlert, { project, ...toDefinition(values) }),
    ({ active }) =>
      active ? 'It is watched: measured within half a minute.' : 'It is saved, and not watched.',
    { onSuccess: onClose, onError: (failed) => form.setErrors(fieldMessages(failed)) },
  )
  const { kind, condition, windowHours } = form.values
  const windows = [...new Set([...WINDOWS, Number(windowHours)])].sort((a, b) => a - b)
  const change = isChange(condition)
  return (
    <Modal opened onClose={onClose} title={alert ? `Change ${alert.name}` : 'New metric alert'} size="lg">
      <form onSubmit={form.onSubmit((values) => mutate(values))}>
        <Stack gap="sm">
          {error && !isAtFields(error) && <ProblemAlert error={error} title="Nothing was saved" />}
          <TextInput
            label="Name"
            description="As people are told of it, such as Checkouts drop"
            maxLength={100}
            autoComplete="off"
            data-autofocus
            {...form.getInputProps('name')}
          />
          <SegmentedControl
            aria-label="What is measured"
            data={Object.entries(kinds).map(([value, { label }]) => ({ value, label }))}
            {...form.getInputProps('kind')}
          />
          {kind === 'survey' ? (
            <SegmentedControl
              aria-label="Which survey"
              data={surveys.map((value) => ({ value, label: surveyWords[value].label }))}
              w="fit-content"
              {...form.getInputProps('survey')}
            />
          ) : (
            <NameField key={kind} kind={kind} project={project} {...form.getInputProps('metric')} />
          )}
          <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="sm">
            <Select
              label={`Fires when its ${kinds[kind].what}`}
              data={Object.entries(conditions).map(([value, label]) => ({ value, label }))}
              allowDeselect={false}
              {...form.getInputProps('condition')}
            />
            <NumberInput
              label="Bound"
              suffix={unitOf(kind, condition).suffix}
              decimalScale={4}
              thousandSeparator=","
              {...form.getInputProps('bound')}
            />
            <Select
              label="In the last"
              data={windows.map((hours) => ({ value: String(hours), label: describeWindow(hours) }))}
              allowDeselect={false}
              {...form.getInputProps('windowHours')}
            />
          </SimpleGrid>
          {(kind !== 'event' || change) && (
            <NumberInput
              label={`Of at least so many ${kinds[kind].of}`}
              description={
                kind === 'event'
                  ? 'In the time before. With fewer, nothing is said.'
                  : `With fewer, nothing is said: of a few ${kinds[kind].of} each is a great part.`
              }
              min={1}
              max={1_000_000}
              allowDecimal={false}
              thousandSeparator=","
              {...form.getInputProps('atLeast')}
            />
          )}
          <Text size="xs" c="dimmed">
            {change && 'Compared with as much time just before. '}
            It is measured three times a minute over the {describeWindow(Number(windowHours))} up to then, and
            resolves when it has been well for 15 minutes.
          </Text>
          <Switch label="Watch it" {...form.getInputProps('active', { type: 'checkbox' })} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isPending}>
              {alert ? 'Save' : 'Make the alert'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
