'use client'

import { Button, Group, Modal, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { fieldMessages, isAtFields } from '@/components/settings/form-errors'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { noProof, type Proof, ProofFields, proofOf, useWanted } from '@/components/ui/proof-fields'
import { type AccountItem, listAccounts, updateAccount } from '@/lib/access/accounts/contract'
import { listProjects } from '@/lib/access/projects/contract'
import { RequestError, send } from '@/lib/http/client'
import { AccountFields, type AccountValues } from './account-fields'

type Values = AccountValues & Proof

/** Changes what someone may do. */
export function ChangeAccount({ account, onClose }: { account: AccountItem; onClose: () => void }) {
  const client = useQueryClient()
  const [wanted, noteWanted] = useWanted()
  const form = useForm<Values>({
    initialValues: { role: account.role, memberships: account.memberships, ...noProof },
  })
  const { mutate, error, isPending } = useMutation({
    mutationFn: ({ role, memberships, ...proof }: Values) =>
      send(updateAccount, {
        id: account.id,
        // Only what makes mightier has to be proved.
        ...(role !== account.role && { role }),
        memberships,
        ...proofOf(proof),
      }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: [listAccounts.id] })
      // It may have been about the one who is signed in.
      await client.invalidateQueries({ queryKey: [listProjects.id] })
      onClose()
    },
    onError: (failed) => {
      form.setErrors(fieldMessages(failed))
      if (failed instanceof RequestError) noteWanted(failed)
    },
  })
  return (
    <Modal opened onClose={onClose} title={`What ${account.email} may do`} size="lg">
      <form onSubmit={form.onSubmit((values) => mutate(values))}>
        <Stack gap="md">
          {error && !isAtFields(error) && <ProblemAlert error={error} title="Nothing was changed" />}
          <AccountFields {...form.values} errors={form.errors} onChange={form.setValues} />
          <ProofFields form={form} wanted={wanted} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isPending} disabled={!form.isDirty()}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
