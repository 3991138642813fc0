'use client'

import { Bars } from '@/components/charts/bars'
import { formatStart } from '@/components/ui/format'
import { Panel } from '@/components/ui/panel'
import { definitions } from './definitions'
import type { User } from './profile'

/** The records of the last 90 days, by day. */
export function Activity({ user, timezone }: { user: User; timezone: string }) {
  const rows = user.days.map(({ at, records }) => ({
    at,
    value: records,
    label: formatStart(at, timezone, 'day'),
    title: formatStart(at, timezone, 'day', true),
  }))
  return (
    <Panel
      title="Activity of the last 90 days"
      definition={definitions.activity}
      csv="activity"
      table={{
        caption: 'Records by day',
        columns: [
          { title: `Day (${timezone})`, value: (row) => row.at, show: (row) => row.title },
          { title: 'Records', right: true, value: (row) => row.value },
        ],
        rows,
        rowKey: (row) => row.at,
      }}
    >
      <Bars name="Records" bars={rows} height={196} />
    </Panel>
  )
}
