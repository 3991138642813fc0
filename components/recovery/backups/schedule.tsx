'use client'

import { Button, Group, NumberInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { fieldMessages, isAtFields } from '@/components/settings/form-errors'
import { formatMoment } from '@/components/ui/format'
import { Panel } from '@/components/ui/panel'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { send } from '@/lib/http/client'
import {
  type BackupList,
  type BackupSettings,
  listBackups,
  setBackupSettings,
} from '@/lib/recovery/backups/contract'
import classes from './backups.module.css'
import { definitions } from './definitions'

type Values = Record<'full' | 'incremental' | 'drill' | 'verify', string> &
  Record<'keepFull' | 'windowDays', number | string>

const crons = [
  { name: 'full', label: 'Full backup' },
  { name: 'incremental', label: 'Incremental backup' },
  { name: 'drill', label: 'Drill' },
  { name: 'verify', label: 'Verification' },
] as const

const valuesOf = (settings: BackupSettings): Values => ({
  full: settings.full ?? '',
  incremental: settings.incremental ?? '',
  drill: settings.drill ?? '',
  verify: settings.verify ?? '',
  keepFull: settings.keepFull,
  windowDays: settings.windowDays,
})

interface ScheduleProps extends Pick<BackupList, 'settings' | 'next'> {
  mayChange: boolean
}

/** When backups, drills and verification run by themselves, when each is next, and what is kept. */
export function Schedule({ settings, next, mayChange }: ScheduleProps) {
  const client = useQueryClient()
  const needed = (value: number | string) => (Number(value) >= 1 ? null : 'At least 1')
  const form = useForm<Values>({
    initialValues: valuesOf(settings),
    validate: { keepFull: needed, windowDays: needed },
  })
  const { mutate, error, isPending } = useMutation({
    mutationFn: (values: Values) =>
      send(setBackupSettings, {
        full: values.full.trim() || null,
        incremental: values.incremental.trim() || null,
        drill: values.drill.trim() || null,
        verify: values.verify.trim() || null,
        keepFull: Number(values.keepFull),
        windowDays: Number(values.windowDays),
      }),
    onSuccess: (saved) => {
      form.setInitialValues(valuesOf(saved))
      form.setValues(valuesOf(saved))
      notifications.show({ color: 'tide', message: 'The schedule is saved.' })
      return client.invalidateQueries({ queryKey: [listBackups.id] })
    },
    onError: (failed) => form.setErrors(fieldMessages(failed)),
  })
  const field = { readOnly: !mayChange, size: 'sm' as const }
  return (
    <Panel title="Schedule and retention" definition={definitions.schedule}>
      <form onSubmit={form.onSubmit((values) => mutate(values))}>
        <Stack gap="md">
          {error && !isAtFields(error) && <ProblemAlert error={error} title="Nothing was saved" />}
          <div className={classes.schedule}>
            {crons.map(({ name, label }) => (
              <TextInput
                key={name}
                label={label}
                description={nextOf(next[name])}
                placeholder="never"
                autoComplete="off"
                spellCheck={false}
                {...field}
                {...form.getInputProps(name)}
              />
            ))}
            <NumberInput
              label="Full backups kept"
              description="At the least"
              min={1}
              max={1000}
              allowDecimal={false}
              {...field}
              {...form.getInputProps('keepFull')}
            />
            <NumberInput
              label="Recovery window, in days"
              description="Every moment in it can be restored"
              min={1}
              max={3650}
              allowDecimal={false}
              {...field}
              {...form.getInputProps('windowDays')}
            />
          </div>
          {mayChange && (
            <Group gap="xs">
              <Button type="submit" size="xs" loading={isPending} disabled={!form.isDirty()}>
                Save the schedule
              </Button>
              {form.isDirty() && (
                <Button variant="default" size="xs" onClick={form.reset}>
                  Undo the changes
                </Button>
              )}
            </Group>
          )}
        </Stack>
      </form>
    </Panel>
  )
}

const nextOf = (at: string | null): string =>
  at ? `Next ${formatMoment(at, 'UTC').slice(0, -3)} UTC` : 'Not by itself'
