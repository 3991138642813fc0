import { List, Text, Title } from '@mantine/core'
import { formatMoment, formatNumber } from '@/components/ui/format'
import { Panel } from '@/components/ui/panel'
import { StatusBadge } from '@/components/ui/status-badge'
import type { deleteUser } from '@/lib/analytics/users/contract'
import type { OutputOf } from '@/lib/http/client'
import classes from './users.module.css'

/** The receipt of a deletion: what is gone, since when, and where there is still something. */
export function Deleted({ receipt, timezone }: { receipt: OutputOf<typeof deleteUser>; timezone: string }) {
  const { userId, deletedAt, deleted, notes } = receipt
  const rows = Object.entries(deleted)
  const all = rows.reduce((sum, [, count]) => sum + count, 0)
  return (
    <Panel title="Deleted" tools={<StatusBadge status="pass" label="Done" />}>
      <Text size="sm" mb="sm" role="status">
        {userId} was deleted on {formatMoment(deletedAt, timezone)} {timezone}: {formatNumber(all)} rows.
      </Text>
      <dl className={classes.receipt}>
        {rows.map(([table, count]) => [
          <dt key={`${table} label`}>
            <code>{table}</code>
          </dt>,
          <dd key={table}>{formatNumber(count)}</dd>,
        ])}
      </dl>
      {notes.length > 0 && (
        <>
          <Title order={3} mb={4}>
            What else holds data of this user
          </Title>
          <List size="sm">
            {notes.map((note) => (
              <List.Item key={note}>{note}</List.Item>
            ))}
          </List>
        </>
      )}
    </Panel>
  )
}
