'use client'

import { Anchor, Skeleton, Title } from '@mantine/core'
import Link from 'next/link'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { StatusBadge } from '@/components/ui/status-badge'
import classes from './cluster-card.module.css'
import { formatRpo, statusWords } from './definitions'
import { useReplication } from './use-replication'

const EVERY_MS = 10_000

/** Whether the data is safe, in one line. */
export function ClusterCard() {
  const { data, error, refetch, isFetching } = useReplication(EVERY_MS)
  if (!data && error) {
    return (
      <ProblemAlert
        error={error}
        title="The cluster’s state could not be loaded"
        retry={refetch}
        retrying={isFetching}
      />
    )
  }
  if (!data) return <Skeleton h={64} radius="lg" />
  return (
    <section className={classes.card} aria-label="Cluster">
      <Title order={2}>Cluster {data.cluster.name}</Title>
      <StatusBadge status={data.status} label={statusWords[data.status]} />
      <dl className={classes.facts}>
        <div>
          <dt>Leader</dt>
          <dd>{data.cluster.leader ?? (data.cluster.engine === 'none' ? 'one server' : 'none')}</dd>
        </div>
        <div>
          <dt>Standbys</dt>
          <dd>{data.members.filter((member) => member.role === 'standby').length}</dd>
        </div>
        <div>
          <dt>RPO</dt>
          <dd>{formatRpo(data.rpoSeconds)}</dd>
        </div>
      </dl>
      <Anchor component={Link} href="/recovery/replication" size="sm" className={classes.link}>
        Replication
      </Anchor>
    </section>
  )
}
