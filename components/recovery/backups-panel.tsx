'use client'

import { Button } from '@mantine/core'
import { useQueryStates } from 'nuqs'
import { Freshness } from '@/components/layout/freshness'
import { PageHeader } from '@/components/layout/page-header'
import { EmptyState } from '@/components/ui/empty-state'
import { Columns, Rows } from '@/components/ui/grid'
import { BodySkeleton } from '@/components/ui/page-skeleton'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { send } from '@/lib/http/client'
import {
  type Backup,
  type BackupKind,
  backUp,
  drillBackup,
  verifyBackups,
} from '@/lib/recovery/backups/contract'
import { Actions, type Orders } from './backups/actions'
import { Archivers } from './backups/archivers'
import { BackupList } from './backups/backup-list'
import { BackupCards, BackupChecks } from './backups/health-head'
import { NotSetUp } from './backups/not-set-up'
import { Repositories } from './backups/repositories'
import { RestorePoints } from './backups/restore-points'
import { Schedule } from './backups/schedule'
import { TimelinePanel } from './backups/timeline-panel'
import { taskParsers } from './search-params'
import { TaskList } from './tasks/task-list'
import { useBegin } from './tasks/use-begin'
import { WatchedTask } from './tasks/watched-task'
import { useBackupHealth, useBackups } from './use-backups'

/**
 * Backups and the proof of them: health, what is kept where, since when every moment can be restored, and the work on it.
 * The task that is looked at is in the address, so that a reload goes on with it.
 */
export function BackupsPanel({ mayAct }: { mayAct: boolean }) {
  const [{ task: chosen }, go] = useQueryStates(taskParsers)
  const { data, running, error, refetch, isFetching, dataUpdatedAt } = useBackups()
  const { data: health, error: unwell } = useBackupHealth()
  const watch = (task: string | null) => void go({ task })
  const orders = useOrders(watch)
  const busy = running !== undefined || orders.pending
  const failed = error ?? unwell
  const provider = data?.provider ?? null
  return (
    <>
      <PageHeader title="Backups" lead="What a recovery would need, and the proof that it works.">
        <Freshness
          asOf={data && new Date(dataUpdatedAt).toISOString()}
          stale={failed !== null && data !== undefined}
        />
        {mayAct && provider && (
          <Actions
            {...orders}
            provider={provider}
            repositories={health?.repositories.map(({ number }) => number) ?? [1]}
            busy={busy}
          />
        )}
      </PageHeader>
      <Rows>
        {failed && !(data && health) && (
          <ProblemAlert error={failed} retry={() => void refetch()} retrying={isFetching} />
        )}
        {data && provider === null && <NotSetUp />}
        {data && (
          <WatchedTask
            data={data}
            chosen={chosen}
            running={running}
            now={dataUpdatedAt}
            onClose={() => watch(null)}
          />
        )}
        {health && provider && <BackupCards health={health} now={dataUpdatedAt} />}
        {health && provider && <BackupChecks health={health} />}
        {data && health && provider ? (
          <>
            {data.backups.length > 0 ? (
              <>
                <TimelinePanel
                  backups={data.backups}
                  restorePoints={data.restorePoints}
                  repositories={health.repositories}
                  now={dataUpdatedAt}
                />
                <BackupList
                  backups={data.backups}
                  drill={mayAct ? orders.drillThis : undefined}
                  busy={busy}
                  onTask={watch}
                />
              </>
            ) : (
              <NoBackup
                running={running?.kind === 'backup'}
                begin={mayAct && !busy ? () => orders.backUp('full') : undefined}
              />
            )}
            <Repositories repositories={health.repositories} provider={provider} />
            <Columns of="two">
              <Archivers archivers={health.archivers} />
              <RestorePoints points={data.restorePoints} />
            </Columns>
            <Schedule settings={data.settings} next={data.next} mayChange={mayAct} />
            <TaskList
              title="Tasks"
              tasks={data.tasks}
              backups={data.backups}
              empty="Nothing was done with backups yet"
              onPick={watch}
            />
          </>
        ) : (
          !failed && provider !== null && <BodySkeleton />
        )}
      </Rows>
    </>
  )
}

function useOrders(onBegun: (taskId: string) => void): Orders & {
  drillThis: (backup: Backup) => void
  pending: boolean
} {
  const back = useBegin((kind: BackupKind) => send(backUp, { kind }), onBegun)
  const verify = useBegin((repository: number) => send(verifyBackups, { repository }), onBegun)
  const drill = useBegin(
    (asked: { repository: number; backup?: string }) => send(drillBackup, asked),
    onBegun,
  )
  return {
    backUp: back.mutate,
    verify: verify.mutate,
    drill: (repository) => drill.mutate({ repository }),
    drillThis: ({ id, repository }) => drill.mutate({ repository, backup: id }),
    pending: back.isPending || verify.isPending || drill.isPending,
  }
}

function NoBackup({ running, begin }: { running: boolean; begin?: () => void }) {
  return (
    <EmptyState title={running ? 'The first backup is being made' : 'No backup yet'}>
      Until there is one, what is lost with every member is lost for good. The first is a full one; the
      archive goes on from it, so that every moment after it can be restored.
      <br />
      {begin && (
        <Button mt="sm" onClick={begin}>
          Make the first backup
        </Button>
      )}
    </EmptyState>
  )
}
