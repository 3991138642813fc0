import { Box, Text } from '@mantine/core'
import type { Column } from '@/components/ui/data-table'
import { formatMoment, formatTime, NONE } from '@/components/ui/format'
import { StatusBadge } from '@/components/ui/status-badge'
import type { AlertChange, AlertRule } from '@/lib/recovery/alerts/contract'
import { formatValue } from './units'

const levelWords = { warning: 'Warning', critical: 'Critical' }

/** The state in a word: what fires by its level. */
export function stateOf({ state, level, applies }: AlertRule): {
  status: 'pass' | 'warn' | 'fail'
  label: string
} {
  if (level) return { status: level === 'critical' ? 'fail' : 'warn', label: levelWords[level] }
  if (state === 'pending') return { status: 'warn', label: 'Pending' }
  if (state === 'resolved') return { status: 'pass', label: 'Resolved' }
  return { status: 'pass', label: applies ? 'Well' : 'Not here' }
}

export const ruleColumns = (open: (id: string) => void): Column<AlertRule>[] => [
  {
    title: 'Alert',
    value: ({ title }) => title,
    onPick:
      ({ id }) =>
      () =>
        open(id),
  },
  {
    title: 'State',
    value: ({ state, level }) => level ?? state,
    // A badge gives way to a wide column until nothing is left of its word.
    show: (rule) => (
      <Box miw={112}>
        <StatusBadge {...stateOf(rule)} />
        {rule.silencedUntil && (
          <Text size="xs" c="dimmed" mt={3}>
            silenced until {formatTime(rule.silencedUntil, 'UTC')}
          </Text>
        )}
      </Box>
    ),
  },
  {
    title: 'Since (UTC)',
    value: ({ since }) => since,
    show: ({ since, state }) => (since && state !== 'ok' ? formatMoment(since, 'UTC') : NONE),
    nowrap: true,
    minor: true,
  },
  {
    title: 'Observed',
    wide: true,
    minor: true,
    value: ({ detail }) => detail,
    show: ({ detail, known }) => (known ? detail : `not known: ${detail}`),
  },
  { title: 'Warns', right: true, nowrap: true, minor: true, ...threshold('warn') },
  { title: 'Critical', right: true, nowrap: true, minor: true, ...threshold('critical') },
]

function threshold(which: 'warn' | 'critical'): Pick<Column<AlertRule>, 'value' | 'show'> {
  return {
    value: ({ thresholds }) => thresholds[which],
    show: ({ thresholds, unit, bad }) => {
      const value = thresholds[which]
      return value === null ? NONE : `${bad === 'above' ? '≥' : '<'} ${formatValue(unit, value)}`
    },
  }
}

export const historyColumns: Column<AlertChange>[] = [
  {
    title: 'When (UTC)',
    value: ({ at }) => at,
    show: ({ at }) => formatMoment(at, 'UTC'),
    nowrap: true,
  },
  { title: 'Alert', value: ({ title }) => title },
  {
    title: 'What',
    value: ({ kind, level }) => (kind === 'resolved' ? 'resolved' : level),
    show: ({ kind, level }) => (
      <Text
        span
        inherit
        fw={600}
        c={kind === 'resolved' ? 'var(--hf-good)' : `var(--hf-${level === 'critical' ? 'bad' : 'warn'})`}
      >
        {kind === 'resolved' ? 'Resolved' : levelWords[level]}
      </Text>
    ),
    nowrap: true,
  },
  {
    title: 'Since (UTC)',
    value: ({ since }) => since,
    show: ({ since }) => formatTime(since, 'UTC'),
    nowrap: true,
    minor: true,
  },
  { title: 'Observed', minor: true, value: ({ detail }) => detail },
]
