'use client'

import { Anchor, Button, Code, Group, Modal, Stack, Text } from '@mantine/core'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { formatBytes, formatMoment, formatShare, NONE } from '@/components/ui/format'
import type { Backup } from '@/lib/recovery/backups/contract'
import { BackupMark } from './backup-mark'
import classes from './backups.module.css'
import { Problems } from './problems'
import { formatSeconds, kindWords, secondsBetween, worthHelp, worthOf, worthWords } from './words'

interface BackupModalProps {
  opened: boolean
  backup: Backup | undefined
  drill?: (backup: Backup) => void
  onTask: (id: string) => void
  onClose: () => void
}

/** All that is known of one backup, what is wrong with it, and what can be done with it. */
export function BackupModal({ opened, backup, drill, onTask, onClose }: BackupModalProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size="lg"
      title={backup && `${kindWords[backup.kind]} backup in repository ${backup.repository}`}
    >
      {backup && (
        <Stack gap="sm">
          <Group gap={8}>
            <BackupMark kind={backup.kind} worth={worthOf(backup)} />
            <Text size="sm">
              <strong>{worthWords[worthOf(backup)]}</strong>: {worthHelp[worthOf(backup)]}
            </Text>
          </Group>
          <Problems problems={backup.problems} />
          <dl className={classes.facts}>
            <Fact label="Name">
              <Code>{backup.id}</Code>
            </Fact>
            <Fact label="Builds upon">{backup.base ? <Code>{backup.base}</Code> : 'nothing'}</Fact>
            <Fact label="Started (UTC)">{formatMoment(backup.startedAt, 'UTC')}</Fact>
            <Fact label="Took">{formatSeconds(secondsBetween(backup.startedAt, backup.endedAt))}</Fact>
            <Fact label="Copied from">{backup.member ?? NONE}</Fact>
            <Fact label="Timeline">{backup.timeline}</Fact>
            <Fact label="From LSN">{backup.startLsn}</Fact>
            <Fact label="To LSN">{backup.stopLsn}</Fact>
            <Fact label="Database">{formatBytes(backup.sizeBytes)}</Fact>
            <Fact label="Stored">
              {formatBytes(backup.storedBytes)}
              {backup.sizeBytes > 0 && `, ${formatShare(backup.storedBytes / backup.sizeBytes)}`}
            </Fact>
            <Fact label="Verified">
              {backup.verified
                ? `${backup.verified.passed ? 'Passed' : 'Failed'} ${formatMoment(backup.verified.at, 'UTC')}`
                : 'Never'}
            </Fact>
            <Fact label="Drilled">
              {backup.drilled ? (
                <Drilled drilled={backup.drilled} onTask={onTask} onClose={onClose} />
              ) : (
                'Never'
              )}
            </Fact>
          </dl>
          {backup.state === 'complete' && (
            <Group justify="flex-end" gap="sm">
              <Anchor
                component={Link}
                size="sm"
                href={`/recovery/restore?kind=lsn&value=${backup.stopLsn}&repository=${backup.repository}`}
              >
                Plan a restore to its end
              </Anchor>
              {drill && (
                <Button
                  size="xs"
                  onClick={() => {
                    drill(backup)
                    onClose()
                  }}
                >
                  Drill this backup
                </Button>
              )}
            </Group>
          )}
        </Stack>
      )}
    </Modal>
  )
}

interface DrilledProps extends Pick<BackupModalProps, 'onTask' | 'onClose'> {
  drilled: NonNullable<Backup['drilled']>
}

function Drilled({ drilled, onTask, onClose }: DrilledProps) {
  return (
    <Anchor
      component="button"
      type="button"
      size="sm"
      onClick={() => {
        onTask(drilled.taskId)
        onClose()
      }}
    >
      {drilled.passed ? 'Passed' : 'Failed'} {formatMoment(drilled.at, 'UTC')}
      {drilled.rtoSeconds !== null && `, RTO ${formatSeconds(drilled.rtoSeconds)}`}
    </Anchor>
  )
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}
