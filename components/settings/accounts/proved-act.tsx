'use client'

import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { fieldMessages, isAtFields } from '@/components/settings/form-errors'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { noProof, type Proof, ProofFields, proofOf, useWanted } from '@/components/ui/proof-fields'
import { listAccounts } from '@/lib/access/accounts/contract'
import { RequestError } from '@/lib/http/client'

interface ProvedActProps {
  title: string
  /** What it does, before it does it. */
  children: string
  verb: string
  dangerous?: boolean
  act: (proof: Partial<Proof>) => Promise<unknown>
  onDone?: () => void
  onClose: () => void
}

/** What an admin does to an account after a look at what it means, with a proof where the sign-in is old. */
export function ProvedAct({
  title,
  children,
  verb,
  dangerous,
  act,
  onClose,
  onDone = onClose,
}: ProvedActProps) {
  const client = useQueryClient()
  const [wanted, noteWanted] = useWanted()
  const form = useForm({ initialValues: noProof })
  const { mutate, error, isPending } = useMutation({
    mutationFn: (values: Proof) => act(proofOf(values)),
    onSuccess: onDone,
    onError: (failed) => {
      form.setErrors(fieldMessages(failed))
      if (failed instanceof RequestError) noteWanted(failed)
    },
    onSettled: () => client.invalidateQueries({ queryKey: [listAccounts.id] }),
  })
  return (
    <Modal opened onClose={onClose} title={title}>
      <form onSubmit={form.onSubmit((values) => mutate(values))}>
        <Stack gap="sm">
          {error && !isAtFields(error) && <ProblemAlert error={error} title="Nothing was changed" />}
          <Text size="sm">{children}</Text>
          <ProofFields form={form} wanted={wanted} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" color={dangerous ? 'red.8' : undefined} loading={isPending}>
              {verb}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
