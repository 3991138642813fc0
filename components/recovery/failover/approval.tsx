'use client'

import { Alert, Button, CopyButton } from '@mantine/core'
import { IconUserCheck, IconUsers } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { send } from '@/lib/http/client'
import { approvePlan, type Plan } from '@/lib/recovery/failover/contract'

interface ApprovalProps {
  plan: Plan
  me: string | null
  expired: boolean
}

/** The second person: who made the plan passes its address on, who is not that one approves it. */
export function Approval({ plan, me, expired }: ApprovalProps) {
  const client = useQueryClient()
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => send(approvePlan, { planId: plan.planId }),
    onSuccess: () => client.invalidateQueries(),
  })
  if (plan.approvedBy)
    return (
      <Alert
        color="tide"
        variant="outline"
        icon={<IconUserCheck size={18} />}
        title={`${plan.approvedBy} approved it`}
      >
        {me === plan.madeBy ? 'You can carry it out now.' : `${plan.madeBy} can carry it out now.`}
      </Alert>
    )
  return (
    <Alert
      color="tide"
      variant="outline"
      icon={<IconUsers size={18} />}
      title="A second operator has to approve it"
    >
      {error && <ProblemAlert error={error} title="It was not approved" />}
      {me === plan.madeBy ? (
        <>
          Give another operator the address of this page.{' '}
          <CopyButton value={typeof window === 'undefined' ? '' : window.location.href}>
            {({ copied, copy }) => (
              <Button variant="default" size="xs" onClick={copy}>
                {copied ? 'Copied' : 'Copy the address'}
              </Button>
            )}
          </CopyButton>
        </>
      ) : (
        <>
          {plan.madeBy} wants to carry this plan out. Read its checks below first.{' '}
          <Button size="xs" loading={isPending} disabled={expired || me === null} onClick={() => mutate()}>
            Approve the plan
          </Button>
        </>
      )}
    </Alert>
  )
}
