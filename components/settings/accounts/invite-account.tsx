'use client'

import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { fieldMessages, isAtFields } from '@/components/settings/form-errors'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { noProof, type Proof, ProofFields, proofOf, useWanted } from '@/components/ui/proof-fields'
import { inviteAccount, listAccounts } from '@/lib/access/accounts/contract'
import { RequestError, send } from '@/lib/http/client'
import { AccountFields, type AccountValues } from './account-fields'
import { RevealLink } from './reveal-link'

type Values = AccountValues & Proof & { email: string }

/** Makes an account, and shows its link once. */
export function InviteAccount({ onClose }: { onClose: () => void }) {
  const client = useQueryClient()
  const [wanted, noteWanted] = useWanted()
  const form = useForm<Values>({
    initialValues: { email: '', role: 'viewer', memberships: [], ...noProof },
    validate: { email: (value) => (value.includes('@') ? null : 'An e-mail address is needed') },
  })
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: ({ email, role, memberships, ...proof }: Values) =>
      send(inviteAccount, { email, role, memberships, ...proofOf(proof) }),
    onSuccess: () => client.invalidateQueries({ queryKey: [listAccounts.id] }),
    onError: (failed) => {
      form.setErrors(fieldMessages(failed))
      if (failed instanceof RequestError) noteWanted(failed)
    },
  })
  if (data) return <RevealLink account={data.account} path={data.path} onClose={onClose} />
  return (
    <Modal opened onClose={onClose} title="Invite someone" size="lg">
      <form onSubmit={form.onSubmit((values) => mutate(values))} noValidate>
        <Stack gap="md">
          {error && !isAtFields(error) && <ProblemAlert error={error} title="Nobody was invited" />}
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="off"
            data-autofocus
            {...form.getInputProps('email')}
          />
          <AccountFields {...form.values} errors={form.errors} onChange={form.setValues} />
          <ProofFields form={form} wanted={wanted} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isPending}>
              Make the link
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
