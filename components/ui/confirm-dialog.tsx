'use client'

import { Box, Button, Group, Modal } from '@mantine/core'
import type { ReactNode } from 'react'

export interface Question {
  title: string
  /** What will happen. */
  children: ReactNode
  confirm: string
  cancel: string
  onConfirm: () => void
}

export interface ConfirmDialogProps {
  opened: boolean
  question: Question | undefined
  onClose: () => void
}

/** Asks before something is done that cannot be undone. */
export function ConfirmDialog({ opened, question, onClose }: ConfirmDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={question?.title}>
      <Box mb="md">{question?.children}</Box>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {question?.cancel}
        </Button>
        <Button
          color="red.8"
          onClick={() => {
            question?.onConfirm()
            onClose()
          }}
        >
          {question?.confirm}
        </Button>
      </Group>
    </Modal>
  )
}
