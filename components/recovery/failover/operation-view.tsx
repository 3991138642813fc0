'use client'

import { Anchor, Button, Group, Skeleton, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import classes from '@/components/recovery/checks.module.css'
import { StepList } from '@/components/recovery/step-list'
import { formatBytes, formatDuration, formatTime, NONE } from '@/components/ui/format'
import { Panel } from '@/components/ui/panel'
import { detailOf, ProblemAlert } from '@/components/ui/problem-alert'
import { StatusBadge } from '@/components/ui/status-badge'
import { query, RequestError } from '@/lib/http/client'
import { getOperation, movesLeader, type Operation } from '@/lib/recovery/operations/contract'
import { stateWords, stepWords } from './words'

const EVERY_MS = 400

/** An operation as it runs, and what it came to. It goes on asking while the server is away. */
export function OperationView({ id, onClose }: { id: string; onClose: () => void }) {
  const { data: answer, error } = useQuery({
    ...query(getOperation, { id }),
    refetchInterval: ({ state }) => (state.data && state.data.state !== 'running' ? false : EVERY_MS),
    retry: false,
  })
  const data = answer && movesLeader(answer) ? answer : undefined
  if (!data && error instanceof RequestError && error.status === 404)
    return <ProblemAlert error={error} title="This operation could not be shown" />
  if (!data) return <Skeleton h={220} radius="lg" />
  const { status, label } = stateWords[data.state]
  return (
    <Panel
      title={`${data.kind === 'switchover' ? 'Switchover' : 'Failover'} from ${data.from ?? 'no leader'} to ${data.to}`}
      tools={<StatusBadge status={status} label={label} />}
    >
      <Text size="sm" c="dimmed" mb="sm">
        {data.reason} · {data.actor} · {formatTime(data.startedAt, 'UTC')} UTC
      </Text>
      {error && data.state === 'running' && (
        <Text size="sm" c="dimmed" role="status">
          {detailOf(error)} It is asked for again.
        </Text>
      )}
      <StepList steps={data.steps} words={stepWords} />
      {data.state !== 'running' && <Outcome operation={data} />}
      <Group gap="md" mt="sm">
        {data.state !== 'running' && (
          <Button variant="default" size="xs" onClick={onClose}>
            Done
          </Button>
        )}
        <Anchor component={Link} href={`/recovery/journal?operationId=${data.id}`} size="sm">
          In the journal
        </Anchor>
      </Group>
    </Panel>
  )
}

function Outcome({ operation }: { operation: Operation }) {
  const { message, rtoSeconds, pauseSeconds, lostBytes, lostRange } = operation
  const time = (value: number | null) => (value === null ? NONE : formatDuration(value * 1000))
  return (
    <>
      <Text fw={600} mt="sm" role="status">
        {message}
      </Text>
      <dl className={classes.outcome}>
        <div>
          <dt>RTO</dt>
          <dd>{time(rtoSeconds)}</dd>
        </div>
        <div>
          <dt>Nobody could write for</dt>
          <dd>{time(pauseSeconds)}</dd>
        </div>
        <div>
          <dt>Lost</dt>
          <dd>
            {lostBytes === null
              ? operation.state === 'succeeded'
                ? 'unknown'
                : NONE
              : lostBytes === 0
                ? 'nothing'
                : `${formatBytes(lostBytes)}, ${lostRange?.from} to ${lostRange?.to}`}
          </dd>
        </div>
      </dl>
    </>
  )
}
