'use client'

import { Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { detailOf } from '@/components/ui/problem-alert'
import {
  type AccountItem,
  deleteAccount,
  endAccountSessions,
  listAccounts,
  renewInvitation,
  resetSecondFactor,
} from '@/lib/access/accounts/contract'
import { type OutputOf, send } from '@/lib/http/client'

/** What an admin does to an account: each asks before it does what cannot be undone, and says what happened. */
export function useAccountActions() {
  const [link, setLink] = useState<OutputOf<typeof renewInvitation>>()
  const renew = useAct(
    (account) => send(renewInvitation, { id: account.id }).then(setLink),
    'has no new link',
  )
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
    modals.openConfirmModal({
      title: `Delete ${account.email}?`,
      children: (
        <Text size="sm">
          They are signed out everywhere, and cannot sign in any more. What they made stays. This cannot be
          undone; they can be invited again.
        </Text>
      ),
      labels: { confirm: 'Delete the account', cancel: 'Keep it' },
      confirmProps: { color: 'red.8' },
      onConfirm: () => remove(account),
    })
  const reset = useAct(
    (account) => send(resetSecondFactor, { id: account.id }),
    'has its second factor',
    'signs in with a password alone.',
  )
  const askToReset = (account: AccountItem) =>
    modals.openConfirmModal({
      title: `Remove the second factor of ${account.email}?`,
      children: (
        <Text size="sm">
          Their password alone is enough then, until they add another. Be sure that it is them who asks for
          it.
        </Text>
      ),
      labels: { confirm: 'Remove the second factor', cancel: 'Keep it' },
      confirmProps: { color: 'red.8' },
      onConfirm: () => reset(account),
    })
  return { askToReset, link, forgetLink: () => setLink(undefined), renew, signOut, askToRemove }
}

function useAct(act: (account: AccountItem) => Promise<unknown>, failed: string, done?: string) {
  const client = useQueryClient()
  const { mutate } = useMutation({
    mutationFn: act,
    onSuccess: (_answer, { email }) =>
      done && notifications.show({ color: 'tide', message: `${email} ${done}` }),
    onError: (error, { email }) =>
      notifications.show({ color: 'red', title: `${email} ${failed}`, message: detailOf(error) }),
    onSettled: () => client.invalidateQueries({ queryKey: [listAccounts.id] }),
  })
  return mutate
}
