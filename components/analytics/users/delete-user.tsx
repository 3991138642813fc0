'use client'

import { Button, Code, Group, List, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useQueryState } from 'nuqs'
import { useState } from 'react'
import { rangeParsers } from '@/components/analytics/search-params'
import { formatNumber } from '@/components/ui/format'
import { ProblemAlert } from '@/components/ui/problem-alert'
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
  const [typed, setTyped] = useState('')
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
    setTyped('')
    reset()
    onClose()
  }
  const stored = kinds.filter((kind) => user.records[kind] > 0)
  return (
    <Modal
      opened={opened}
      onClose={close}
      title="Delete this user?"
      size="lg"
      closeOnClickOutside={!isPending}
      closeOnEscape={!isPending}
      withCloseButton={!isPending}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (typed === user.userId) mutate()
        }}
      >
        <Stack gap="sm">
          {error && <ProblemAlert error={error} title="Nothing was deleted" />}
          <Text size="sm">
            Everything that is stored of <Code>{user.userId}</Code> is deleted, at once and for good:{' '}
            <b>{formatNumber(recordsOf(user))} records</b>, the ids that were joined to it, and what was
            counted from them. Numbers of the past change with it.
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
          <TextInput
            label="Type the user’s id to confirm"
            autoComplete="off"
            spellCheck={false}
            data-autofocus
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close} disabled={isPending}>
              Keep the user
            </Button>
            <Button type="submit" color="red.8" disabled={typed !== user.userId} loading={isPending}>
              Delete the user
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
