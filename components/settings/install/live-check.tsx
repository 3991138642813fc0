'use client'

import { Anchor, Button, Group, Text } from '@mantine/core'
import { IconCircleCheck, IconLoader } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useState } from 'react'
import { latestInput } from '@/components/settings/inputs'
import { formatMoment, formatTime } from '@/components/ui/format'
import { Panel } from '@/components/ui/panel'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { getLatestRecord, type LatestRecord } from '@/lib/analytics/records/contract'
import { query } from '@/lib/http/client'
import classes from './install.module.css'

/** Between two looks, in milliseconds; none while the page is not seen. */
const LOOK_MS = 2_000

/** Whether anything arrives: looks until the first record since the page was opened is there. */
export function LiveCheck({ project, timezone }: { project: string | null; timezone: string }) {
  const [from, setFrom] = useState<string>()
  const opened = useQuery({
    ...query(getLatestRecord, latestInput(project)),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  })
  const since = from ?? opened.data?.asOf
  const { data, error } = useQuery({
    ...query(getLatestRecord, { ...latestInput(project), since }),
    enabled: since !== undefined,
    // What has arrived stays, whatever comes after it.
    staleTime: ({ state }) => (state.data?.record ? Number.POSITIVE_INFINITY : 0),
    refetchInterval: ({ state }) => (state.data?.record ? false : LOOK_MS),
  })
  const record = data?.record
  const before = opened.data?.record
  const problem = error ?? opened.error
  return (
    <Panel
      title="Does anything arrive?"
      definition="Looks every 2 seconds, while this page is seen, for a record of any kind that this server received after the page was opened."
    >
      {problem && <ProblemAlert error={problem} />}
      <div role="status">
        {record ? (
          <Group gap="xs" align="flex-start" wrap="nowrap">
            <IconCircleCheck size={20} className={classes.arrived} aria-hidden="true" />
            <div>
              <Text fw={600}>
                Arrived at {formatTime(record.receivedAt, timezone)}: {nameOf(record)}
              </Text>
              <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                {placeOf(record)}
              </Text>
            </div>
          </Group>
        ) : (
          <Group gap="xs" wrap="nowrap">
            <IconLoader size={20} className={classes.waiting} aria-hidden="true" />
            <Text fw={600}>Waiting for the first record…</Text>
          </Group>
        )}
      </div>
      {record && (
        <Group gap="md" mt="sm">
          <Button size="xs" variant="default" onClick={() => setFrom(data.asOf)}>
            Wait for another
          </Button>
          <Anchor
            component={Link}
            href={`/events${project ? `?project=${encodeURIComponent(project)}` : ''}`}
            fz="sm"
          >
            See the events
          </Anchor>
        </Group>
      )}
      {!record && opened.data && (
        <Text size="sm" c="dimmed" mt={6}>
          {before
            ? `The project has records already. The newest is ${nameOf(before)} of ${formatMoment(before.occurredAt, timezone)}.`
            : 'The project has no records yet. Open a page that has the line in it.'}
        </Text>
      )}
    </Panel>
  )
}

const kinds: Record<LatestRecord['kind'], string> = {
  event: 'event',
  feature: 'feature',
  stage: 'funnel stage',
  step: 'journey step',
  response: 'survey response',
}

const nameOf = ({ kind, title }: LatestRecord): string => `${kinds[kind]} ${title}`

function placeOf({ pageUrl, detail }: LatestRecord): string {
  if (pageUrl) return `from ${pageUrl}`
  return detail ?? 'without an address'
}
