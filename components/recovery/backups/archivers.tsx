import { Box } from '@mantine/core'
import type { Column } from '@/components/ui/data-table'
import { formatMoment, formatNumber, NONE } from '@/components/ui/format'
import { Panel } from '@/components/ui/panel'
import { StatusBadge } from '@/components/ui/status-badge'
import type { BackupHealth } from '@/lib/recovery/backups/contract'
import classes from './backups.module.css'
import { definitions } from './definitions'
import { formatShort } from './words'

type Archiver = BackupHealth['archivers'][number]

const columns: Column<Archiver>[] = [
  { title: 'Member', value: ({ member }) => member },
  {
    title: 'State',
    value: ({ failing, archiving }) => (failing ? 'failing' : archiving ? 'archives' : 'stands by'),
    show: (archiver) => <Box miw={104}>{badgeOf(archiver)}</Box>,
  },
  {
    title: 'Last archived (UTC)',
    wide: true,
    value: ({ lastArchived }) => lastArchived,
    show: ({ lastArchived, lastArchivedAt }) => (
      <>
        {lastArchivedAt ? formatShort(lastArchivedAt) : NONE}
        <span className={classes.file}>{lastArchived}</span>
      </>
    ),
  },
  {
    title: 'Failed',
    right: true,
    value: ({ failed }) => failed,
    show: ({ failed, archived, lastFailedAt }) => (
      <span title={lastFailedAt ? `Last ${formatMoment(lastFailedAt, 'UTC')} UTC` : undefined}>
        {formatNumber(failed)} of {formatNumber(failed + archived)}
      </span>
    ),
  },
  { title: 'Waiting', right: true, minor: true, value: ({ waiting }) => waiting },
]

const badgeOf = ({ failing, archiving }: Archiver) =>
  failing ? (
    <StatusBadge status="fail" label="Failing" />
  ) : archiving ? (
    <StatusBadge status="pass" label="Archives" />
  ) : (
    'Stands by'
  )

/** Who archives WAL, and how that goes. */
export const Archivers = ({ archivers }: { archivers: Archiver[] }) => (
  <Panel
    title="Archivers"
    definition={definitions.archivers}
    csv="archivers"
    table={{
      caption: 'Archivers, one a member',
      columns,
      rows: archivers,
      rowKey: ({ member }) => member,
      empty: 'No member answers',
    }}
  />
)
