'use client'

import { Button, Group, NumberInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { formatBytes } from '@/components/ui/format'
import { Panel } from '@/components/ui/panel'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { noProof, ProofFields, proofOf, useWanted } from '@/components/ui/proof-fields'
import { RequestError, send } from '@/lib/http/client'
import { failOver, type Plan } from '@/lib/recovery/failover/contract'

interface OrderFormProps {
  plan: Plan
  expired: boolean
  /** The operation that has begun; null when it is only scheduled. */
  onBegun: (operationId: string | null) => void
}

/** The order to carry a plan out: a reason, the cluster's name, and, where a check fails, the loss that is accepted. */
export function OrderForm({ plan, expired, onBegun }: OrderFormProps) {
  const overrides = plan.verdict === 'overridable'
  const client = useQueryClient()
  const [wanted, noteWanted] = useWanted()
  const form = useForm({
    initialValues: { reason: '', confirm: '', at: '', acceptLossBytes: '' as number | string, ...noProof },
    validate: {
      reason: (value) => (value.trim().length >= 3 ? null : 'Say why, for the journal'),
      confirm: (value) => (value === plan.cluster ? null : `Type ${plan.cluster}`),
      acceptLossBytes: (value) => (!overrides || value !== '' ? null : 'Name the loss that you accept'),
    },
  })
  const { mutate, error, isPending } = useMutation({
    mutationFn: (values: typeof form.values) =>
      send(failOver, {
        planId: plan.planId,
        mode: plan.mode,
        candidate: plan.candidate ?? '',
        reason: values.reason,
        confirm: values.confirm,
        ...(overrides && { acceptLossBytes: Number(values.acceptLossBytes) }),
        ...proofOf(values),
        ...(values.at && { scheduledAt: new Date(values.at).toISOString() }),
      }),
    onSuccess: (answer) => {
      void client.invalidateQueries()
      if (!('planId' in answer)) onBegun('operationId' in answer ? answer.operationId : null)
    },
    onError: (failed) => {
      if (!(failed instanceof RequestError)) return
      form.setErrors(
        Object.fromEntries(
          failed.errors.map(({ path, message }) => [path === 'scheduledAt' ? 'at' : path, message]),
        ),
      )
      noteWanted(failed)
    },
  })
  const unapproved = plan.twoPerson && plan.approvedBy === null
  const verb = plan.mode === 'switchover' ? 'Switch over' : 'Fail over'
  return (
    <Panel title={`${verb} to ${plan.candidate}`}>
      <form onSubmit={form.onSubmit((values) => mutate(values))}>
        <Stack gap="sm" maw={560}>
          {error && <ProblemAlert error={error} title="Nothing was done" />}
          <TextInput
            label="Reason"
            description="Stands in the journal"
            autoComplete="off"
            {...form.getInputProps('reason')}
          />
          {overrides && (
            <NumberInput
              label="Loss that you accept, in bytes"
              description={describeLoss(plan)}
              min={0}
              allowDecimal={false}
              thousandSeparator=","
              {...form.getInputProps('acceptLossBytes')}
            />
          )}
          <TextInput
            label={`Type the cluster’s name, ${plan.cluster}, to confirm`}
            autoComplete="off"
            spellCheck={false}
            {...form.getInputProps('confirm')}
          />
          {plan.mode === 'switchover' && (
            <TextInput
              type="datetime-local"
              label="Not now, but at"
              description="Your own time; the engine then carries it out by itself, if its checks pass. Empty: now"
              {...form.getInputProps('at')}
            />
          )}
          <ProofFields form={form} wanted={wanted} />
          <Group gap="sm">
            <Button type="submit" color="red.8" loading={isPending} disabled={expired || unapproved}>
              {form.values.at ? 'Schedule the switchover' : `${verb} to ${plan.candidate}`}
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  )
}

function describeLoss({ mode, lossBytes }: Plan): string {
  if (mode === 'switchover')
    return 'A switchover loses nothing; 0 says that you go on in spite of the checks that fail'
  if (lossBytes === null) return 'Nobody knows what would be lost: name the most that you accept, more than 0'
  return `The plan loses ${formatBytes(lossBytes)}; a greater loss is refused`
}
