'use client'

import { Button, Group, List, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { BodySkeleton } from '@/components/ui/page-skeleton'
import { Panel } from '@/components/ui/panel'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { StatusBadge } from '@/components/ui/status-badge'
import { query } from '@/lib/http/client'
import { getPlan, type Plan } from '@/lib/recovery/failover/contract'
import { Approval } from './approval'
import { Objections, Passing } from './checklist'
import { OrderForm } from './order-form'
import { modeWords, verdictWords } from './words'

interface PlanViewProps {
  planId: string
  me: string | null
  onDiscard: () => void
  /** The operation that has begun; null when it is only scheduled. */
  onBegun: (operationId: string | null) => void
}

/** The plan of the address, by whoever made it. While a second operator is waited for, it is looked at again. */
export function PlanView({ planId, ...props }: PlanViewProps) {
  const { data, error } = useQuery({
    ...query(getPlan, { planId }),
    refetchInterval: ({ state }) => (state.data?.twoPerson && state.data.approvedBy === null ? 1_000 : false),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  if (data) return <PlanSheet plan={data} {...props} />
  if (!error) return <BodySkeleton />
  return (
    <>
      <ProblemAlert error={error} title="This plan cannot be used" />
      <Button variant="default" size="xs" w="fit-content" onClick={props.onDiscard}>
        Make another plan
      </Button>
    </>
  )
}

/** A plan: whom it promotes and why, every check, what will be done, and the order. */
function PlanSheet({ plan, me, onDiscard, onBegun }: Omit<PlanViewProps, 'planId'> & { plan: Plan }) {
  const left = useSecondsUntil(plan.expiresAt)
  const verdict = verdictWords[plan.verdict]
  const title = `${plan.mode === 'switchover' ? 'Switchover' : 'Failover'} from ${plan.leader ?? 'no leader'} to ${plan.candidate ?? 'nobody'}`
  return (
    <>
      <Panel title={title} tools={<StatusBadge status={verdict.status} label={verdict.label} />}>
        <Stack gap="sm">
          <Text size="sm" maw={720}>
            {modeWords[plan.mode]}
          </Text>
          <List size="sm">
            {plan.candidates.map(({ name, chosen, reason }) => (
              <List.Item key={name} fw={chosen ? 600 : undefined}>
                {name}
                {chosen ? ', chosen' : ''}: {reason}
              </List.Item>
            ))}
          </List>
          <Group gap="sm">
            <Button variant="default" size="xs" onClick={onDiscard}>
              Discard the plan
            </Button>
            <Text size="sm" c="dimmed" role="timer" className="num">
              {left > 0
                ? `Made by ${plan.madeBy}, good for ${left} s, for this cluster as it is now`
                : 'Expired: make a new plan'}
            </Text>
          </Group>
        </Stack>
      </Panel>
      <Objections checks={plan.checks} />
      {plan.twoPerson && plan.verdict !== 'refused' && <Approval plan={plan} me={me} expired={left === 0} />}
      {plan.verdict !== 'refused' && me === plan.madeBy && (
        <OrderForm plan={plan} expired={left === 0} onBegun={onBegun} />
      )}
      <Panel title="What will be done">
        <List size="sm" type="ordered">
          {plan.steps.map((step) => (
            <List.Item key={step}>{step}</List.Item>
          ))}
        </List>
      </Panel>
      <Passing checks={plan.checks} />
    </>
  )
}

function useSecondsUntil(iso: string): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500)
    return () => clearInterval(timer)
  }, [])
  return Math.max(0, Math.ceil((Date.parse(iso) - now) / 1000))
}
