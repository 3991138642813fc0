'use client'

import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { noProof, ProofFields, proofOf, useWanted } from '@/components/ui/proof-fields'
import { RequestError } from '@/lib/http/client'

/** What every order to the cluster is sent with. */
export interface GuardValues {
  reason: string
  confirm: string
  password?: string
  code?: string
}

interface GuardedDialogProps {
  title: string
  /** What it does, before it does it. */
  children: string
  verb: string
  cluster: string
  opened: boolean
  onClose: () => void
  send: (values: GuardValues) => Promise<unknown>
}

/** An order to the cluster: what it does, a reason, the cluster's name typed, and the password if the sign-in is old. */
export function GuardedDialog({ title, children, verb, cluster, opened, onClose, send }: GuardedDialogProps) {
  const client = useQueryClient()
  const [wanted, noteWanted] = useWanted()
  const form = useForm({
    initialValues: { reason: '', confirm: '', ...noProof },
    validate: {
      reason: (value) => (value.trim().length >= 3 ? null : 'Say why, for the journal'),
      confirm: (value) => (value === cluster ? null : `Type ${cluster}`),
    },
  })
  const close = () => {
    onClose()
    form.reset()
    reset()
  }
  const { mutate, error, isPending, reset } = useMutation({
    mutationFn: ({ reason, confirm, ...proof }: typeof form.values) =>
      send({ reason, confirm, ...proofOf(proof) }),
    onSuccess: () => {
      void client.invalidateQueries()
      close()
    },
    onError: (failed) => {
      if (!(failed instanceof RequestError)) return
      form.setErrors(Object.fromEntries(failed.errors.map(({ path, message }) => [path, message])))
      noteWanted(failed)
    },
  })
  return (
    <Modal opened={opened} onClose={close} title={title} size="lg">
      <form onSubmit={form.onSubmit((values) => mutate(values))}>
        <Stack gap="sm">
          {error && <ProblemAlert error={error} title="Nothing was done" />}
          <Text size="sm">{children}</Text>
          <TextInput label="Reason" autoComplete="off" data-autofocus {...form.getInputProps('reason')} />
          <TextInput
            label={`Type the cluster’s name, ${cluster}, to confirm`}
            autoComplete="off"
            spellCheck={false}
            {...form.getInputProps('confirm')}
          />
          <ProofFields form={form} wanted={wanted} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close} disabled={isPending}>
              Cancel
            </Button>
            <Button type="submit" color="red.8" loading={isPending}>
              {verb}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
