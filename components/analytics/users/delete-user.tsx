'use client'

import { Code, List, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useQueryState } from 'nuqs'
import { rangeParsers } from '@/components/analytics/search-params'
import { formatNumber } from '@/components/ui/format'
import { TypedConfirm } from '@/components/ui/typed-confirm'
import { deleteUser } from '@/lib/analytics/users/contract'
import { type OutputOf, send } from '@/lib/http/client'
import { userInput } from './inputs'
import { kindWords } from './kinds'
import { recordsOf, type User } from './profile'
import { kinds } from './search-params'

interface DeleteUserProps {
  user: User
  opened: boolean
  onClose: () => void
  onDeleted: (receipt: OutputOf<typeof deleteUser>) => void
}

/** Says what a deletion does, and does it once the user's id was typed. */
export function DeleteUser({ user, opened, onClose, onDeleted }: DeleteUserProps) {
  const [project] = useQueryState('project', rangeParsers.project)
  const client = useQueryClient()
  const { mutate, error, isPending, reset } = useMutation({
    mutationFn: () => send(deleteUser, userInput(user.userId, { project })),
    onSuccess: (receipt) => {
      onDeleted(receipt)
      // Every number may have counted this user.
      void client.invalidateQueries({ refetchType: 'none' })
    },
  })
  const close = () => {
    reset()
    onClose()
  }
  const stored = kinds.filter((kind) => user.records[kind] > 0)
  return (
    <TypedConfirm
      opened={opened}
      onClose={close}
      title="Delete this user?"
      expected={user.userId}
      label="Type the user’s id to confirm"
      keep="Keep the user"
      act="Delete the user"
      onAct={mutate}
      isPending={isPending}
      error={error}
    >
      <Text size="sm">
        Everything that is stored of <Code>{user.userId}</Code> is deleted, at once and for good:{' '}
        <b>{formatNumber(recordsOf(user))} records</b>, the ids that were joined to it, and what was counted
        from them. Numbers of the past change with it.
      </Text>
      <List size="sm">
        {stored.map((kind) => (
          <List.Item key={kind}>
            {formatNumber(user.records[kind])}{' '}
            {(user.records[kind] === 1 ? kindWords[kind].one : kindWords[kind].many).toLowerCase()}
          </List.Item>
        ))}
      </List>
      <Text size="sm">
        This cannot be undone. What is recorded under this id afterwards is a new user’s. To keep a copy,
        export it first.
      </Text>
    </TypedConfirm>
  )
}
