'use client'

import { useState } from 'react'
import { type AccountItem, renewInvitation } from '@/lib/access/accounts/contract'
import { type OutputOf, send } from '@/lib/http/client'
import { ProvedAct } from './proved-act'
import { RevealLink } from './reveal-link'

/** Makes another link for an account, and shows it once. */
export function RenewLink({ account, onClose }: { account: AccountItem; onClose: () => void }) {
  const [made, setMade] = useState<OutputOf<typeof renewInvitation>>()
  if (made) return <RevealLink {...made} onClose={onClose} />
  return (
    <ProvedAct
      title={`A link for ${account.email}`}
      verb="Make the link"
      act={(proof) => send(renewInvitation, { id: account.id, ...proof }).then(setMade)}
      // What was made is shown in its place.
      onDone={() => {}}
      onClose={onClose}
    >
      Whoever opens it chooses the password of this account. A link that was made before is worth nothing
      then; the password of now is good until another is chosen.
    </ProvedAct>
  )
}
