'use client'

import { Anchor } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useQueryStates } from 'nuqs'
import { Freshness } from '@/components/layout/freshness'
import { PageHeader } from '@/components/layout/page-header'
import { Rows } from '@/components/ui/grid'
import { BodySkeleton } from '@/components/ui/page-skeleton'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { query } from '@/lib/http/client'
import { planRestore } from '@/lib/recovery/restore/contract'
import type { Task } from '@/lib/recovery/tasks/contract'
import { NotSetUp } from './backups/not-set-up'
import { planInput } from './inputs'
import { CutOverAction } from './restore/cut-over-action'
import { Planner } from './restore/planner'
import { faultOf } from './restore/target'
import { restoreParsers } from './search-params'
import { TaskList } from './tasks/task-list'
import { WatchedTask } from './tasks/watched-task'
import { useBackupHealth, useBackups } from './use-backups'

/** Between two looks at the same plan: the archive goes on, and what would be undone grows. */
const PLAN_MS = 30_000
/** Milliseconds without a key before the plan is asked for. */
const PAUSE_MS = 250

const isOurs = ({ kind }: Task): boolean => kind === 'restore' || kind === 'cut-over'

/**
 * From a moment to its plan, to a restore beside the cluster, to the cut-over. Target and task are in the address, so that
 * a link is a plan, and a reload goes on with the task.
 */
export function RestorePanel({ mayAct }: { mayAct: boolean }) {
  const [{ task: chosen, ...asked }, go] = useQueryStates(restoreParsers)
  const { data, running, error, refetch, isFetching, dataUpdatedAt } = useBackups()
  const { data: health, error: unwell } = useBackupHealth()
  // Not for every key that is typed.
  const [value] = useDebouncedValue(asked.value, PAUSE_MS)
  const plan = useQuery({
    ...query(planRestore, planInput({ ...asked, value })),
    enabled: faultOf(asked.kind, value) === null,
    refetchInterval: PLAN_MS,
    placeholderData: keepPreviousData,
    retry: false,
  })
  const watch = (task: string | null) => void go({ task })
  const failed = error ?? unwell
  const busy = running !== undefined
  return (
    <>
      <PageHeader
        title="Restore"
        lead="Bring a moment back beside the cluster, look at it, and only then cut over."
      >
        <Freshness
          asOf={data && new Date(dataUpdatedAt).toISOString()}
          stale={failed !== null && data !== undefined}
        />
      </PageHeader>
      <Rows>
        {failed && !(data && health) && (
          <ProblemAlert error={failed} retry={() => void refetch()} retrying={isFetching} />
        )}
        {data && data.provider === null && <NotSetUp />}
        {data && (
          <WatchedTask
            data={data}
            chosen={chosen}
            running={running && isOurs(running) ? running : undefined}
            now={dataUpdatedAt}
            onClose={() => watch(null)}
          >
            {(task) => (
              <>
                {mayAct && isDoneRestore(task) && (
                  <CutOverAction
                    task={task}
                    provider={data.provider}
                    done={data.tasks.some(isCutOverTo(task))}
                    busy={busy}
                    onBegun={watch}
                  />
                )}
                {task.kind === 'cut-over' && task.state === 'succeeded' && (
                  <Anchor component={Link} href="/recovery/backups" size="sm">
                    To the backups
                  </Anchor>
                )}
              </>
            )}
          </WatchedTask>
        )}
        {data && health && data.provider !== null ? (
          <>
            <Planner
              asked={asked}
              plan={plan}
              data={data}
              repositories={health.repositories}
              now={dataUpdatedAt}
              mayAct={mayAct}
              busy={busy}
              onAsk={(change) => void go(change, { history: 'replace' })}
              onBegun={watch}
            />
            <TaskList
              title="Restores"
              tasks={data.tasks.filter(isOurs)}
              backups={data.backups}
              empty="Nothing was restored yet"
              onPick={watch}
            />
          </>
        ) : (
          !failed && data?.provider !== null && <BodySkeleton />
        )}
      </Rows>
    </>
  )
}

const isDoneRestore = ({ kind, state, folder }: Task): boolean =>
  kind === 'restore' && state === 'succeeded' && folder !== null

const isCutOverTo =
  (restore: Task) =>
  ({ kind, state, folder }: Task): boolean =>
    kind === 'cut-over' && state !== 'failed' && folder === restore.folder
