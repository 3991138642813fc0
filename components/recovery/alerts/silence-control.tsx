'use client'

import { Button, Group, Select, Text } from '@mantine/core'
import { useState } from 'react'
import { formatMoment } from '@/components/ui/format'
import { send } from '@/lib/http/client'
import { type AlertRule, silenceAlert } from '@/lib/recovery/alerts/contract'
import { useAlertChange } from './use-alert-change'

const spans = [
  { value: '30', label: '30 minutes' },
  { value: '120', label: '2 hours' },
  { value: '480', label: '8 hours' },
  { value: '1440', label: 'a day' },
  { value: '10080', label: 'a week' },
]

/** Keeps one alert quiet for a time, or ends that. */
export function SilenceControl({ rule: { id, title, silencedUntil } }: { rule: AlertRule }) {
  const [minutes, setMinutes] = useState('120')
  const silence = useAlertChange(
    () => send(silenceAlert, { rule: id, minutes: silencedUntil ? 0 : Number(minutes) }),
    silencedUntil ? `${title}: announced again.` : `${title}: silenced.`,
  )
  if (silencedUntil)
    return (
      <Group gap="sm">
        <Text size="sm">Silenced until {formatMoment(silencedUntil, 'UTC')} UTC.</Text>
        <Button
          variant="default"
          size="xs"
          loading={silence.isPending}
          onClick={() => silence.mutate(undefined)}
        >
          Announce it again
        </Button>
      </Group>
    )
  return (
    <Group gap="sm" align="flex-end">
      <Select
        label="Silence it for"
        description="Nobody is told, and no banner shows it; its state goes on"
        data={spans}
        value={minutes}
        onChange={(value) => setMinutes(value ?? '120')}
        allowDeselect={false}
      />
      <Button variant="default" loading={silence.isPending} onClick={() => silence.mutate(undefined)}>
        Silence
      </Button>
    </Group>
  )
}
