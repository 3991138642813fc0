'use client'

import { Modal } from '@mantine/core'
import { RevealOnce } from '@/components/settings/reveal-once'
import type { AccountItem } from '@/lib/access/accounts/contract'
import { atBase } from '@/lib/http/base-path'

interface RevealLinkProps {
  account: AccountItem
  path: string
  onClose: () => void
}

/** The link with which someone chooses a password; what is shown once must not vanish by a slip. */
export function RevealLink({ account, path, onClose }: RevealLinkProps) {
  return (
    <Modal
      opened
      onClose={onClose}
      title={`A link for ${account.email}`}
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={false}
    >
      <RevealOnce secret={window.location.origin + atBase(path)} noun="link" onDone={onClose}>
        Send it to {account.email} by a way that you trust: whoever opens it within three days chooses the
        password of the account. It works once, and you will not see it again.
      </RevealOnce>
    </Modal>
  )
}
