'use client'

import { Button, Group, NumberInput, SimpleGrid, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { fieldMessages, isAtFields } from '@/components/settings/form-errors'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { send } from '@/lib/http/client'
import {
  type AlertRule,
  resetThresholds,
  setThresholds,
  type Thresholds,
} from '@/lib/recovery/alerts/contract'
import { fields, formatValue, fromField, toField } from './units'
import { useAlertChange } from './use-alert-change'

interface Values {
  warn: number | string
  critical: number | string
  holdSeconds: number | string
  clearSeconds: number | string
}

/** When an alert fires, to be changed, and the way back to the default. */
export function ThresholdForm({ rule, mayChange }: { rule: AlertRule; mayChange: boolean }) {
  const { unit, thresholds, defaults, fixed, bad } = rule
  const valuesOf = (from: Thresholds): Values => ({
    warn: toField(unit, from.warn),
    critical: toField(unit, from.critical),
    holdSeconds: from.holdSeconds,
    clearSeconds: from.clearSeconds,
  })
  const form = useForm<Values>({
    initialValues: valuesOf(thresholds),
    validate: {
      holdSeconds: (value) => (value === '' ? 'A number is needed' : null),
      clearSeconds: (value) => (value === '' ? 'A number is needed' : null),
    },
  })
  const showSaved = (saved: Thresholds) => {
    form.setInitialValues(valuesOf(saved))
    form.setValues(valuesOf(saved))
  }
  const save = useAlertChange(
    async (values: Values) =>
      showSaved(
        (
          await send(setThresholds, {
            rule: rule.id,
            // What was not touched keeps what its field rounds away.
            warn: keep('warn', values),
            critical: keep('critical', values),
            holdSeconds: Number(values.holdSeconds),
            clearSeconds: Number(values.clearSeconds),
          })
        ).rule.thresholds,
      ),
    `${rule.title}: saved.`,
    { onError: (error) => form.setErrors(fieldMessages(error)) },
  )
  const reset = useAlertChange(
    async () => showSaved((await send(resetThresholds, { rule: rule.id })).rule.thresholds),
    `${rule.title}: back to the default.`,
  )
  const keep = (which: 'warn' | 'critical', values: Values) =>
    values[which] === toField(unit, thresholds[which]) ? thresholds[which] : fromField(unit, values[which])
  const isDefault = JSON.stringify(valuesOf(thresholds)) === JSON.stringify(valuesOf(defaults))
  const byDefault = (which: 'warn' | 'critical') =>
    `Default ${defaults[which] === null ? 'never' : formatValue(unit, defaults[which])}`
  const side = bad === 'above' ? 'at or above' : 'below'
  const limit = {
    min: 0,
    suffix: fields[unit].suffix,
    decimalScale: fields[unit].decimals,
    thousandSeparator: ',',
  }
  const time = { min: 0, max: 3600, suffix: ' s', allowDecimal: false, readOnly: !mayChange }
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <Stack gap="sm">
        {save.error && !isAtFields(save.error) && (
          <ProblemAlert error={save.error} title="Nothing was saved" />
        )}
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <NumberInput
            label={`Warning ${side}`}
            description={byDefault('warn')}
            placeholder="never"
            readOnly={!mayChange || fixed}
            {...limit}
            {...form.getInputProps('warn')}
          />
          <NumberInput
            label={`Critical ${side}`}
            description={byDefault('critical')}
            placeholder="never"
            readOnly={!mayChange || fixed}
            {...limit}
            {...form.getInputProps('critical')}
          />
          <NumberInput
            label="Fires after it held for"
            description={`Default ${defaults.holdSeconds} s`}
            {...time}
            {...form.getInputProps('holdSeconds')}
          />
          <NumberInput
            label="Resolves after it was well for"
            description={`Default ${defaults.clearSeconds} s`}
            {...time}
            {...form.getInputProps('clearSeconds')}
          />
        </SimpleGrid>
        {fixed && (
          <Text size="xs" c="dimmed">
            Its thresholds say what it is: only its times can be changed.
          </Text>
        )}
        {mayChange && (
          <Group gap="xs">
            <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
              Save
            </Button>
            <Button
              variant="default"
              loading={reset.isPending}
              disabled={isDefault}
              onClick={() => reset.mutate(undefined)}
            >
              Reset to the default
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  )
}
