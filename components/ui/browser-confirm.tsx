'use client'

import { useEffect, useRef } from 'react'
import type { ConfirmDialogProps } from './confirm-dialog'

/** Asks by the browser's own means, where the dialog's code does not come. */
export function BrowserConfirm({ opened, question, onClose }: ConfirmDialogProps) {
  const words = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!opened || !question) return
    const asking = setTimeout(() => {
      const { title, confirm, onConfirm } = question
      const sure = window.confirm(`${title}\n\n${words.current?.textContent}\n\n${confirm}?`)
      onClose()
      if (sure) onConfirm()
    })
    return () => clearTimeout(asking)
  }, [opened, question, onClose])
  return (
    <div ref={words} hidden>
      {question?.children}
    </div>
  )
}
