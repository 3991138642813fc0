'use client'

import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import type { Column } from '@/components/ui/data-table'
import { formatBytes, formatMoment, formatShare, NONE } from '@/components/ui/format'
import { later } from '@/components/ui/later'
import { Panel } from '@/components/ui/panel'
import type { Backup } from '@/lib/recovery/backups/contract'
import { BackupMark } from './backup-mark'
import { definitions } from './definitions'
import { formatSeconds, formatShort, kindWords, secondsBetween, worthOf, worthWords } from './words'

const BackupModal = later(() => import('./backup-modal').then((loaded) => loaded.BackupModal))

interface BackupListProps {
  backups: Backup[]
  /** Absent for who may order nothing. */
  drill?: (backup: Backup) => void
  /** Something runs: the next has to wait. */
  busy: boolean
  onTask: (id: string) => void
}

/** So many of the newest are shown at first: an increment an hour makes many. */
const FIRST = 50

const keyOf = ({ repository, id }: Backup): string => `${repository} ${id}`

/** Every backup in every repository, newest first; one click tells all about it. */
export function BackupList({ backups, drill, busy, onTask }: BackupListProps) {
  const [opened, setOpened] = useState<string>()
  const [all, setAll] = useState(false)
  const backup = backups.find((one) => keyOf(one) === opened)
  const shown = all ? backups : backups.slice(0, FIRST)
  return (
    <>
      <Panel
        title="Backups"
        definition={definitions.backups}
        csv="backups"
        tools={
          backups.length > FIRST && (
            <Button variant="default" size="xs" aria-expanded={all} onClick={() => setAll(!all)}>
              {all ? `Show the newest ${FIRST}` : `Show all ${backups.length}`}
            </Button>
          )
        }
        table={{
          caption: 'Backups, newest first',
          columns: columnsFor(setOpened, drill, busy),
          rows: shown,
          rowKey: keyOf,
          maxHeight: 420,
          empty: 'No backup yet',
        }}
      />
      <BackupModal
        opened={backup !== undefined}
        backup={backup}
        drill={busy ? undefined : drill}
        onTask={onTask}
        onClose={() => setOpened(undefined)}
      />
    </>
  )
}

function columnsFor(
  open: (key: string) => void,
  drill: BackupListProps['drill'],
  busy: boolean,
): Column<Backup>[] {
  return [
    {
      title: 'Started (UTC)',
      nowrap: true,
      value: ({ startedAt }) => startedAt,
      show: ({ startedAt }) => formatShort(startedAt),
      onPick: (backup) => () => open(keyOf(backup)),
      pickLabel: ({ id }) => `All about ${id}`,
    },
    {
      title: 'State',
      nowrap: true,
      value: (backup) => worthWords[worthOf(backup)],
      show: (backup) => (
        <Group gap={6} wrap="nowrap">
          <BackupMark kind={backup.kind} worth={worthOf(backup)} />
          {worthWords[worthOf(backup)]}
        </Group>
      ),
    },
    { title: 'Kind', minor: true, value: ({ kind }) => kindWords[kind] },
    { title: 'Repository', minor: true, value: ({ repository }) => repository },
    {
      title: 'Took',
      right: true,
      minor: true,
      value: ({ startedAt, endedAt }) => secondsBetween(startedAt, endedAt),
      show: ({ startedAt, endedAt }) => formatSeconds(secondsBetween(startedAt, endedAt)),
    },
    {
      title: 'Stored',
      right: true,
      minor: true,
      value: ({ storedBytes }) => storedBytes,
      show: ({ storedBytes, sizeBytes }) =>
        sizeBytes === 0
          ? formatBytes(storedBytes)
          : `${formatBytes(storedBytes)}, ${formatShare(storedBytes / sizeBytes)} of ${formatBytes(sizeBytes)}`,
    },
    { title: 'From', minor: true, value: ({ member }) => member },
    {
      title: 'Verified',
      nowrap: true,
      minor: true,
      value: ({ verified }) => verified?.at,
      show: ({ verified }) => outcomeOf(verified),
    },
    {
      title: 'Drilled',
      nowrap: true,
      minor: true,
      value: ({ drilled }) => drilled?.at,
      show: ({ drilled }) => outcomeOf(drilled),
    },
    ...(drill
      ? [
          {
            title: 'Do',
            right: true,
            value: () => null,
            show: (backup: Backup) =>
              backup.state === 'complete' && (
                <Button
                  variant="default"
                  size="compact-xs"
                  aria-label={`Drill the backup of ${formatMoment(backup.startedAt, 'UTC')} in repository ${backup.repository}`}
                  disabled={busy}
                  onClick={() => drill(backup)}
                >
                  Drill
                </Button>
              ),
          },
        ]
      : []),
  ]
}

const outcomeOf = (outcome: { at: string; passed: boolean } | null): string => {
  if (!outcome) return NONE
  return outcome.passed ? formatShort(outcome.at) : `failed ${formatShort(outcome.at)}`
}
