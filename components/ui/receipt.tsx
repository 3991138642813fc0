import { List, Text, Title } from '@mantine/core'
import { formatMoment, formatNumber } from './format'
import { Panel } from './panel'
import classes from './receipt.module.css'
import { StatusBadge } from './status-badge'

interface ReceiptProps {
  /** Whom or what it is of. */
  name: string
  deletedAt: string
  timezone: string
  /** Rows by table. */
  deleted: Record<string, number>
  notes: string[]
  /** Stands above the notes. */
  notesTitle: string
}

/** The receipt of a deletion: what is gone, since when, and where there is still something. */
export function Receipt({ name, deletedAt, timezone, deleted, notes, notesTitle }: ReceiptProps) {
  const rows = Object.entries(deleted)
  const all = rows.reduce((sum, [, count]) => sum + count, 0)
  return (
    <Panel title="Deleted" tools={<StatusBadge status="pass" label="Done" />}>
      <Text size="sm" mb="sm" role="status">
        {name} was deleted on {formatMoment(deletedAt, timezone)} {timezone}: {formatNumber(all)} rows.
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
            {notesTitle}
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
