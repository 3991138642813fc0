'use client'

import { useDisclosure } from '@mantine/hooks'
import { createContext, type ReactNode, useCallback, useContext, useState } from 'react'
import { BrowserConfirm } from './browser-confirm'
import type { Question } from './confirm-dialog'
import { later } from './later'

const ConfirmDialog = later(
  () => import('./confirm-dialog').then((loaded) => loaded.ConfirmDialog),
  BrowserConfirm,
)

const Ask = createContext<(question: Question) => void>(() => {})

/** What asks before something is done that cannot be undone. */
export const useConfirm = () => useContext(Ask)

/** Where questions are asked: around every page. */
export function Confirmations({ children }: { children: ReactNode }) {
  const [question, setQuestion] = useState<Question>()
  const [opened, { open, close }] = useDisclosure()
  const ask = useCallback(
    (asked: Question) => {
      setQuestion(asked)
      open()
    },
    [open],
  )
  return (
    <Ask value={ask}>
      {children}
      <ConfirmDialog opened={opened} question={question} onClose={close} />
    </Ask>
  )
}
