'use client'

import { Drawer, Title } from '@mantine/core'
import { CodeLines } from '@/components/ui/empty-state'
import { formatDuration, formatMoment, NONE } from '@/components/ui/format'
import classes from './event-drawer.module.css'
import type { EventItem } from './event-list'

interface EventDrawerProps {
  opened: boolean
  event: EventItem | null
  timezone: string
  onClose: () => void
}

/** Everything that one event holds. */
export function EventDrawer({ opened, event, timezone, onClose }: EventDrawerProps) {
  return (
    <Drawer opened={opened} onClose={onClose} position="right" size="lg" title={event?.name ?? ''}>
      {event && (
        <>
          <dl className={classes.fields}>
            {fieldsOf(event, timezone).map(([label, value]) => (
              <Field key={label} label={label} value={value} />
            ))}
          </dl>
          <Title order={3} mb="xs">
            Properties
          </Title>
          <CodeLines code={JSON.stringify(event.properties, null, 2)} label="Copy the properties" />
        </>
      )}
    </Drawer>
  )
}

function Field({ label, value }: { label: string; value: string | null }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{value || NONE}</dd>
    </>
  )
}

function fieldsOf(event: EventItem, timezone: string): [string, string | null][] {
  return [
    ['Occurred', `${formatMoment(event.occurredAt, timezone)} ${timezone}`],
    ['Received', `${formatMoment(event.receivedAt, timezone)} ${timezone}`],
    ['Id', event.id],
    ['Type', event.type],
    ['Category', event.category],
    ['User', event.userId],
    ['Anonymous id', event.anonymousId],
    ['Session', event.sessionId],
    ['Page', event.page],
    ['Page address', event.pageUrl],
    ['Page title', event.pageTitle],
    ['Referrer', event.referrer],
    ['Duration', formatDuration(event.durationMs)],
    ['Device', event.device],
    ['Browser', event.browser],
    ['OS', event.os],
  ]
}
