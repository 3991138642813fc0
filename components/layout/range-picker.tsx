'use client'

import { Button, Group, Popover, Skeleton, Stack, Text } from '@mantine/core'
import { IconCalendar, IconChevronDown } from '@tabler/icons-react'
import dynamic from 'next/dynamic'
import { useQueryStates } from 'nuqs'
import { useState } from 'react'
import { eventParsers, rangeParsers } from '@/components/analytics/search-params'
import { formatDay } from '@/components/ui/format'
import classes from './range-picker.module.css'

// Only who opens it needs the calendar.
const RangeCalendar = dynamic(() => import('./range-calendar'), {
  ssr: false,
  loading: () => <Skeleton className={classes.calendar} />,
})

const presets = [
  { from: '-24h', label: 'Last 24 hours' },
  { from: '-7d', label: 'Last 7 days' },
  { from: '-30d', label: 'Last 30 days' },
  { from: '-90d', label: 'Last 90 days' },
  { from: '-12m', label: 'Last 12 months' },
]

const isDay = (text: string | null): text is string => text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text)

/** Chooses the range that the page is about: a span back from now, or two dates, both included. */
export function RangePicker() {
  const [opened, setOpened] = useState(false)
  const [{ from, to }, setRange] = useQueryStates(
    { from: rangeParsers.from, to: rangeParsers.to, cursor: eventParsers.cursor },
    { history: 'push' },
  )
  const [days, setDays] = useState<[string | null, string | null]>([null, null])
  const choose = (range: { from: string; to: string | null }) => {
    void setRange({ ...range, cursor: null })
    setOpened(false)
  }
  const open = (next: boolean) => {
    setDays([isDay(from) ? from : null, isDay(to) ? to : null])
    setOpened(next)
  }
  const label = labelOf(from, to)
  return (
    <Popover opened={opened} onChange={open} position="bottom-end" shadow="md" withArrow trapFocus>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconCalendar size={16} />}
          rightSection={<IconChevronDown size={14} />}
          onClick={() => open(!opened)}
          aria-label={`Range: ${label}`}
        >
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Range">
        <div className={classes.range}>
          <div className={classes.presets}>
            {presets.map((preset) => (
              <Button
                key={preset.from}
                size="xs"
                justify="flex-start"
                variant={to === null && from === preset.from ? 'light' : 'subtle'}
                color={to === null && from === preset.from ? undefined : 'gray'}
                aria-pressed={to === null && from === preset.from}
                onClick={() => choose({ from: preset.from, to: null })}
              >
                {preset.label}
              </Button>
            ))}
          </div>
          <Stack gap="xs">
            <RangeCalendar days={days} onChange={setDays} />
            <Group justify="space-between" wrap="nowrap">
              <Text size="xs" c="dimmed">
                Both dates included
              </Text>
              <Button
                size="xs"
                disabled={!days[0] || !days[1]}
                onClick={() => days[0] && days[1] && choose({ from: days[0], to: days[1] })}
              >
                Show
              </Button>
            </Group>
          </Stack>
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}

function labelOf(from: string, to: string | null): string {
  const preset = to === null && presets.find((one) => one.from === from)
  if (preset) return preset.label
  return to ? `${dayOf(from)} – ${dayOf(to)}` : `Since ${dayOf(from)}`
}

const dayOf = (text: string): string => (isDay(text) && Date.parse(text) ? formatDay(text, 'UTC') : text)
