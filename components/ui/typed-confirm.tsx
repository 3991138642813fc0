'use client'

import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { RequestError } from '@/lib/http/client'
import { ProblemAlert } from './problem-alert'

interface TypedConfirmProps {
  opened: boolean
  onClose: () => void
  title: string
  /** What will happen. */
  children: ReactNode
  /** What has to be typed, and how the field asks for it. */
  expected: string
  label: string
  keep: string
  act: string
  onAct: () => void
  isPending: boolean
  error: Error | null
}

/** A server that said nothing may have done it, or still do it. */
const titleOf = (error: Error): string =>
  error instanceof RequestError && error.status < 500
    ? 'Nothing was deleted'
    : 'Nobody said whether it was deleted: load the page again before you try once more'

/** Says what cannot be undone, and lets it be done once a name was typed. */
export function TypedConfirm(props: TypedConfirmProps) {
  const { opened, title, children, expected, label, keep, act, onAct, isPending, error } = props
  const [typed, setTyped] = useState('')
  const close = () => {
    setTyped('')
    props.onClose()
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={title}
      size="lg"
      closeOnClickOutside={!isPending}
      closeOnEscape={!isPending}
      withCloseButton={!isPending}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (typed === expected) onAct()
        }}
      >
        <Stack gap="sm">
          {error && <ProblemAlert error={error} title={titleOf(error)} />}
          {children}
          <TextInput
            label={label}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close} disabled={isPending}>
              {keep}
            </Button>
            <Button type="submit" color="red.8" disabled={typed !== expected} loading={isPending}>
              {act}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
