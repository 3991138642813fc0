'use client'

import { Button, Group, Modal, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { fieldMessages, isAtFields } from '@/components/settings/form-errors'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { type AccountItem, listAccounts, updateAccount } from '@/lib/access/accounts/contract'
import { listProjects } from '@/lib/access/projects/contract'
import { send } from '@/lib/http/client'
import { AccountFields, type AccountValues } from './account-fields'

/** Changes what someone may do. */
export function ChangeAccount({ account, onClose }: { account: AccountItem; onClose: () => void }) {
  const client = useQueryClient()
  const form = useForm<AccountValues>({
    initialValues: { role: account.role, memberships: account.memberships },
  })
  const { mutate, error, isPending } = useMutation({
    mutationFn: (values: AccountValues) => send(updateAccount, { id: account.id, ...values }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: [listAccounts.id] })
      // It may have been about the one who is signed in.
      await client.invalidateQueries({ queryKey: [listProjects.id] })
      onClose()
    },
    onError: (failed) => form.setErrors(fieldMessages(failed)),
  })
  return (
    <Modal opened onClose={onClose} title={`What ${account.email} may do`} size="lg">
      <form onSubmit={form.onSubmit((values) => mutate(values))}>
        <Stack gap="md">
          {error && !isAtFields(error) && <ProblemAlert error={error} title="Nothing was changed" />}
          <AccountFields {...form.values} errors={form.errors} onChange={form.setValues} />
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
