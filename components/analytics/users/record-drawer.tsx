'use client'

import { Drawer, Title } from '@mantine/core'
import classes from '@/components/analytics/event-drawer.module.css'
import { CodeLines } from '@/components/ui/empty-state'
import { formatMoment, NONE } from '@/components/ui/format'
import { kindWords } from './kinds'
import type { UserRecord } from './timeline'

interface RecordDrawerProps {
  opened: boolean
  record: UserRecord | null
  timezone: string
  onClose: () => void
}

/** Everything that one record of a timeline holds. */
export function RecordDrawer({ opened, record, timezone, onClose }: RecordDrawerProps) {
  return (
    <Drawer opened={opened} onClose={onClose} position="right" size="lg" title={record?.title ?? ''}>
      {record && (
        <>
          <dl className={classes.fields}>
            {fieldsOf(record, timezone).map(([label, value]) => [
              <dt key={`${label} label`}>{label}</dt>,
              <dd key={label}>{value || NONE}</dd>,
            ])}
          </dl>
          <Title order={3} mb="xs">
            Properties
          </Title>
          <CodeLines code={JSON.stringify(record.properties, null, 2)} label="Copy the properties" />
        </>
      )}
    </Drawer>
  )
}

function fieldsOf(record: UserRecord, timezone: string): [string, string | null][] {
  return [
    ['Kind', kindWords[record.kind].one],
    ['Detail', record.detail],
    ['Occurred', `${formatMoment(record.occurredAt, timezone)} ${timezone}`],
    ['Received', `${formatMoment(record.receivedAt, timezone)} ${timezone}`],
    ['Id', record.id],
    ['Session', record.sessionId],
    ['Device', record.device],
    ['Browser', record.browser],
    ['OS', record.os],
  ]
}
