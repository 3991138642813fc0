'use client'

import { Alert, Text, Title } from '@mantine/core'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { Freshness } from '@/components/layout/freshness'
import { PageHeader } from '@/components/layout/page-header'
import { Definition } from '@/components/ui/definition'
import { EmptyState } from '@/components/ui/empty-state'
import { formatTime } from '@/components/ui/format'
import { Columns, Rows } from '@/components/ui/grid'
import { BodySkeleton } from '@/components/ui/page-skeleton'
import { Panel } from '@/components/ui/panel'
import { detailOf, ProblemAlert } from '@/components/ui/problem-alert'
import { StatusBadge } from '@/components/ui/status-badge'
import type { ReplicationStatus } from '@/lib/recovery/replication/contract'
import card from './cluster-card.module.css'
import { definitions, formatRpo, statusWords } from './definitions'
import { LagPanel } from './lag-panel'
import { MemberActions } from './member-actions'
import { MemberCard } from './member-card'
import { PauseAction } from './pause-action'
import classes from './replication.module.css'
import { SplitBrain } from './split-brain'
import { historyColumns, slotColumns } from './tables'
import { TimelineFigure } from './timeline-figure'
import { TopologyFigure } from './topology-figure'
import { useReplication } from './use-replication'

const EVERY_MS = 2_000

/** The cluster, live: who leads, who follows and how far behind, slots and timelines. */
export function ReplicationPanel({ mayAct }: { mayAct: boolean }) {
  const { data, error, refetch, isFetching } = useReplication(EVERY_MS)
  return (
    <>
      <PageHeader title="Replication">
        <Freshness asOf={data?.asOf} stale={error !== null} />
        {mayAct && data?.cluster.engine === 'patroni' && (
          <PauseAction paused={data.cluster.paused} cluster={data.cluster.name} />
        )}
      </PageHeader>
      <Rows>
        {error && data && (
          <Alert
            color="red"
            variant="outline"
            role="alert"
            icon={<IconPlugConnectedX size={18} />}
            title="Not live"
          >
            {detailOf(error)} This is the picture of {formatTime(data.asOf, 'UTC')} UTC; it is asked for again
            every {EVERY_MS / 1000} s.
          </Alert>
        )}
        {error && !data && <ProblemAlert error={error} retry={() => void refetch()} retrying={isFetching} />}
        {data ? <Cluster data={data} mayAct={mayAct} /> : !error && <BodySkeleton />}
      </Rows>
    </>
  )
}

function Cluster({ data, mayAct }: { data: ReplicationStatus; mayAct: boolean }) {
  const members = data.members.toSorted(byRole)
  const answering = data.status !== 'fail' || members.some((member) => member.role !== 'unknown')
  return (
    <>
      <SplitBrain data={data} mayAct={mayAct} />
      <Summary data={data} />
      {members.length > 0 ? (
        <section aria-labelledby="members">
          <div className={classes.head}>
            <Title order={2} id="members">
              Members
            </Title>
            <Definition of="lag">{definitions.lag}</Definition>
          </div>
          <TopologyFigure members={members} />
          <ul className={classes.picture}>
            {members.map((member) => (
              <MemberCard key={member.name} member={member} leader={data.cluster.leader}>
                {mayAct && member.role !== 'leader' && !member.healthy && data.cluster.leader && (
                  <MemberActions member={member.name} cluster={data.cluster.name} />
                )}
              </MemberCard>
            ))}
          </ul>
        </section>
      ) : (
        <EmptyState title="One server, no standby">
          No cluster engine is known and nothing streams from this PostgreSQL. The data is as safe as its one
          disk. HOLDFAST_MEMBERS names the members of a Patroni cluster.
        </EmptyState>
      )}
      <LagPanel />
      <Columns of="two">
        <Panel
          title="Replication slots"
          definition={definitions.slots}
          csv="replication-slots"
          table={{
            caption: 'Replication slots',
            columns: slotColumns,
            rows: data.slots,
            rowKey: (slot) => slot.name,
            empty: data.status === 'fail' ? 'Not known while no leader answers' : 'No slots',
          }}
        />
        <Panel
          title="Timelines"
          definition={definitions.timelines}
          csv="timelines"
          table={{
            caption: 'Timelines',
            columns: historyColumns,
            rows: data.history.toReversed(),
            rowKey: (entry) => String(entry.timeline),
            empty: answering ? 'No promotion yet' : 'Not known while no member answers',
          }}
        >
          {data.history.length > 0 ? (
            <TimelineFigure history={data.history} timeline={data.cluster.timeline} />
          ) : undefined}
        </Panel>
      </Columns>
      {data.cluster.systemIdentifier && (
        <Text size="xs" c="dimmed">
          System identifier {data.cluster.systemIdentifier}
        </Text>
      )}
    </>
  )
}

function Summary({ data }: { data: ReplicationStatus }) {
  const { cluster } = data
  return (
    <section className={card.card} aria-label="Cluster">
      <div role="status">
        <StatusBadge status={data.status} label={statusWords[data.status]} />
      </div>
      <dl className={card.facts}>
        <Fact label="Cluster" value={cluster.name} />
        <Fact label="Leader" value={cluster.leader ?? (cluster.engine === 'none' ? 'one server' : 'none')} />
        <Fact label="Timeline" value={cluster.timeline === null ? '–' : String(cluster.timeline)} />
        <Fact label="Commits" value={commitsOf(data)} />
        {cluster.paused && <Fact label="Automatic failover" value="paused" />}
        <div>
          <dt>RPO</dt>
          <dd>
            {formatRpo(data.rpoSeconds)}
            <Definition of="RPO">{definitions.rpo}</Definition>
          </dd>
        </div>
      </dl>
    </section>
  )
}

function commitsOf({ cluster, status }: ReplicationStatus): string {
  if (status === 'fail') return 'unknown'
  return cluster.synchronous ? 'wait for a standby' : 'do not wait'
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  )
}

const order = { leader: 0, standby: 1, unknown: 2 }
const byRole = (a: ReplicationStatus['members'][number], b: ReplicationStatus['members'][number]): number =>
  order[a.role] - order[b.role] || a.name.localeCompare(b.name)
