'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useQueryStates } from 'nuqs'
import { Freshness } from '@/components/layout/freshness'
import { PageHeader } from '@/components/layout/page-header'
import { Rows } from '@/components/ui/grid'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { query } from '@/lib/http/client'
import { getPlan, type Plan } from '@/lib/recovery/failover/contract'
import { listOperations } from '@/lib/recovery/operations/contract'
import { ClusterCard } from './cluster-card'
import { OperationList } from './failover/operation-list'
import { OperationView } from './failover/operation-view'
import { PlanForm } from './failover/plan-form'
import { PlanView } from './failover/plan-view'
import { Scheduled } from './failover/scheduled'
import { failoverParsers } from './search-params'
import { useReplication } from './use-replication'

const EVERY_MS = 2_000

/**
 * The guarded move of the leader: a plan with its checks, the order, and the operation step by step. Plan and operation are
 * in the address, so that a reload, or another browser, goes on with them: a second operator approves the plan there.
 *
 * @param me the e-mail address of who acts; null for who may not
 */
export function FailoverPanel({ me }: { me: string | null }) {
  const [{ operation, plan }, go] = useQueryStates(failoverParsers)
  const client = useQueryClient()
  const { data: replication } = useReplication(EVERY_MS)
  const { data, error, refetch, isFetching } = useQuery({
    ...query(listOperations, {}),
    refetchInterval: EVERY_MS,
    retry: false,
  })
  const running = data?.operations.find(({ state }) => state === 'running')
  const watched = operation ?? (plan ? undefined : running?.id)
  const watch = (id: string | null) => void go({ operation: id, plan: null })
  const showPlan = (made: Plan) => {
    client.setQueryData(query(getPlan, { planId: made.planId }).queryKey, made)
    void go({ operation: null, plan: made.planId })
  }
  return (
    <>
      <PageHeader
        title="Failover"
        lead="Move the leader: a switchover while it is alive, a failover when it is lost."
      >
        <Freshness asOf={replication?.asOf} />
      </PageHeader>
      <Rows>
        <ClusterCard />
        {replication?.cluster.scheduled && (
          <Scheduled
            planned={replication.cluster.scheduled}
            cluster={replication.cluster.name}
            mayAct={me !== null}
          />
        )}
        {watched ? (
          <OperationView id={watched} onClose={() => watch(null)} />
        ) : plan ? (
          <PlanView planId={plan} me={me} onDiscard={() => watch(null)} onBegun={watch} />
        ) : (
          <PlanForm
            members={replication?.members ?? []}
            leaderIsLost={replication !== undefined && replication.cluster.leader === null}
            mayAct={me !== null}
            onPlan={showPlan}
          />
        )}
        {error && !data ? (
          <ProblemAlert error={error} retry={() => void refetch()} retrying={isFetching} />
        ) : (
          <OperationList operations={data?.operations ?? []} onPick={watch} />
        )}
      </Rows>
    </>
  )
}
