'use client'

import { Alert, Button, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import backups from '@/components/recovery/backups/backups.module.css'
import { kindWords } from '@/components/recovery/backups/words'
import checks from '@/components/recovery/checks.module.css'
import { formatBytes, formatMoment, formatNumber, NONE } from '@/components/ui/format'
import { Columns } from '@/components/ui/grid'
import { Panel } from '@/components/ui/panel'
import { StatusBadge } from '@/components/ui/status-badge'
import type { Backup } from '@/lib/recovery/backups/contract'
import type { RestorePlan, Target } from '@/lib/recovery/restore/contract'
import { wordsOf } from './target'

interface PlanSheetProps {
  plan: RestorePlan
  known: Backup[]
  onTake: (target: Target) => void
}

/** Whether the target can be reached, with what, and what a cut-over to it would undo. */
export function PlanSheet({ plan, known, onTake }: PlanSheetProps) {
  const { target, timeline, reachable, reason, nearest, backup, segments, bytes } = plan
  const base = known.find(({ id, repository }) => id === backup && repository === plan.repository)
  return (
    <Columns of="two">
      <Panel
        title={`Plan for ${wordsOf(target)}`}
        tools={
          <StatusBadge
            status={reachable ? 'pass' : 'fail'}
            label={reachable ? 'Can be reached' : 'Cannot be reached'}
          />
        }
      >
        <Text size="sm" mb="sm" role="status">
          {reason}
        </Text>
        {nearest && (
          <Alert
            color="yellow"
            variant="outline"
            icon={<IconAlertTriangle size={18} />}
            title="The nearest that can be reached"
            mb="sm"
          >
            <Text size="sm" mb="xs" className={checks.sentence}>
              {nearest.words}
              {nearest.at && nearest.target.kind !== 'time' && `, ${formatMoment(nearest.at, 'UTC')} UTC`}
            </Text>
            <Button size="xs" variant="default" onClick={() => onTake(nearest.target)}>
              Take {wordsOf(nearest.target)}
            </Button>
          </Alert>
        )}
        {reachable && (
          <dl className={backups.facts}>
            <div>
              <dt>Begins with</dt>
              <dd>
                {base
                  ? `${kindWords[base.kind].toLowerCase()} backup of ${formatMoment(base.startedAt, 'UTC')}`
                  : (backup ?? NONE)}
              </dd>
            </div>
            {timeline !== null && (
              <div>
                <dt>Along</dt>
                <dd>timeline {timeline}</dd>
              </div>
            )}
            <div>
              <dt>WAL files replayed, at the most</dt>
              <dd>{formatNumber(segments)}</dd>
            </div>
            <div>
              <dt>Takes about</dt>
              <dd>{formatBytes(bytes)}</dd>
            </div>
          </dl>
        )}
      </Panel>
      {reachable && <Undone plan={plan} />}
    </Columns>
  )
}

function Undone({ plan: { undone, target } }: { plan: RestorePlan }) {
  return (
    <Panel
      title="What a cut-over would undo"
      definition="Records that arrived after the target, counted now in the running database. A restore alone undoes nothing: it stands beside the cluster."
      csv={undone ? 'would-be-undone' : undefined}
      table={
        undone
          ? {
              caption: 'Records that arrived after the target, by table',
              columns: [
                { title: 'Table', wide: true, value: ({ table }) => table },
                { title: 'Records', right: true, value: ({ records }) => records },
              ],
              rows: undone,
              rowKey: ({ table }) => table,
              empty: 'Nothing arrived after it',
            }
          : undefined
      }
    >
      {undone ? undefined : (
        <Text size="sm" c="dimmed">
          {unknownOf(target)}
        </Text>
      )}
    </Panel>
  )
}

function unknownOf({ kind }: Target): string {
  if (kind === 'latest') return 'Nothing that is in the archive: all of it comes back.'
  if (kind === 'time') return 'Not known while the database does not answer.'
  return 'Not known: when this target was, nobody has noted.'
}
