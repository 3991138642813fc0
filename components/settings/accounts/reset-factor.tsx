'use client'

import { notifications } from '@mantine/notifications'
import { type AccountItem, resetSecondFactor } from '@/lib/access/accounts/contract'
import { send } from '@/lib/http/client'
import { ProvedAct } from './proved-act'

/** Removes the second factor of who has lost it. */
export function ResetFactor({ account, onClose }: { account: AccountItem; onClose: () => void }) {
  const say = () =>
    notifications.show({ color: 'tide', message: `${account.email} signs in with a password alone.` })
  return (
    <ProvedAct
      title={`Remove the second factor of ${account.email}?`}
      verb="Remove the second factor"
      dangerous
      act={(proof) => send(resetSecondFactor, { id: account.id, ...proof }).then(say)}
      onClose={onClose}
    >
      Their password alone is enough then, until they add another. Be sure that it is them who asks for it.
    </ProvedAct>
  )
}
