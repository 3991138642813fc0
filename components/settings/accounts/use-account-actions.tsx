'use client'

import { Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useConfirm } from '@/components/ui/confirm'
import { detailOf } from '@/components/ui/problem-alert'
import {
  type AccountItem,
  deleteAccount,
  endAccountSessions,
  listAccounts,
} from '@/lib/access/accounts/contract'
import { send } from '@/lib/http/client'

/** What takes from an account, and gives nobody anything: deleting asks first, and both say what happened. */
export function useAccountActions() {
  const confirm = useConfirm()
  const signOut = useAct(
    (account) => send(endAccountSessions, { id: account.id }),
    'is still signed in',
    'is signed out everywhere.',
  )
  const remove = useAct(
    (account) => send(deleteAccount, { id: account.id }),
    'was not deleted',
    'is deleted.',
  )
  const askToRemove = (account: AccountItem) =>
    confirm({
      title: `Delete ${account.email}?`,
      children: (
        <Text size="sm">
          They are signed out everywhere, and cannot sign in any more. What they made stays. This cannot be
          undone; they can be invited again.
        </Text>
      ),
      confirm: 'Delete the account',
      cancel: 'Keep it',
      onConfirm: () => remove(account),
    })
  return { signOut, askToRemove }
}

function useAct(act: (account: AccountItem) => Promise<unknown>, failed: string, done: string) {
  const client = useQueryClient()
  const { mutate } = useMutation({
    mutationFn: act,
    onSuccess: (_answer, { email }) => notifications.show({ color: 'tide', message: `${email} ${done}` }),
    onError: (error, { email }) =>
      notifications.show({ color: 'red', title: `${email} ${failed}`, message: detailOf(error) }),
    onSettled: () => client.invalidateQueries({ queryKey: [listAccounts.id] }),
  })
  return mutate
}
