'use client'

import { Button, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useBegin } from '@/components/recovery/tasks/use-begin'
import { fieldMessages, isAtFields } from '@/components/settings/form-errors'
import { formatBytes } from '@/components/ui/format'
import { Panel } from '@/components/ui/panel'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { send } from '@/lib/http/client'
import { type RestorePlan, restore } from '@/lib/recovery/restore/contract'
import { wordsOf } from './target'

interface OrderFormProps {
  plan: RestorePlan
  /** Something else runs: it has to wait. */
  busy: boolean
  onBegun: (taskId: string) => void
}

/** The order to restore beside the cluster: it says what will happen, and wants a reason. */
export function OrderForm({ plan, busy, onBegun }: OrderFormProps) {
  const form = useForm({
    initialValues: { reason: '' },
    validate: { reason: (value) => (value.trim().length >= 3 ? null : 'Say why, for the journal') },
  })
  const { mutate, error, isPending } = useBegin(
    ({ reason }: typeof form.values) =>
      send(restore, {
        target: plan.target,
        repository: plan.repository,
        timeline: plan.timeline ?? undefined,
        reason,
      }),
    (taskId) => {
      form.reset()
      onBegun(taskId)
    },
    (failed) => form.setErrors(fieldMessages(failed)),
  )
  return (
    <Panel title="Restore beside the cluster">
      <form onSubmit={form.onSubmit((values) => mutate(values))}>
        <Stack gap="sm" maw={640}>
          {error && !isAtFields(error) && <ProblemAlert error={error} title="Nothing was begun" />}
          <Text size="sm">
            The backup is restored into a folder of its own, of about {formatBytes(plan.bytes)}; a server
            there replays the archive to {wordsOf(plan.target)}, says what it holds, and is stopped again. The
            cluster goes on as it is: nothing of it is stopped, nothing is undone. To put the folder in the
            leader’s place is a second step, with its own confirmation.
          </Text>
          <TextInput
            label="Reason"
            description="Stands in the journal"
            autoComplete="off"
            {...form.getInputProps('reason')}
          />
          <div>
            <Button type="submit" loading={isPending} disabled={busy}>
              Restore beside the cluster
            </Button>
            {busy && (
              <Text component="span" size="sm" c="dimmed" ml="sm">
                Another task runs: it has to end first.
              </Text>
            )}
          </div>
        </Stack>
      </form>
    </Panel>
  )
}
