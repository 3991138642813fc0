import { headers } from 'next/headers'
import { atBase } from '@/lib/http/base-path'
import { TrackerAccount } from './tracker-account'

interface TrackerScriptProps {
  /** The write key of the project of our own pages; without one nothing is recorded. */
  writeKey: string | undefined
  /** Who is signed in, by the account's id: an e-mail address is nobody's business but the account's. */
  accountId?: string
}

/** Lets a page of our own record how it is used. Filters in addresses may hold the ids of users: they are left out. */
export async function TrackerScript({ writeKey, accountId }: TrackerScriptProps) {
  if (!writeKey) return null
  const nonce = (await headers()).get('x-nonce') ?? undefined
  return (
    <>
      <script
        async
        src={atBase('/holdfast.js')}
        data-key={writeKey}
        data-exclude-search=""
        data-surveys="false"
        nonce={nonce}
      />
      {accountId && <TrackerAccount id={accountId} />}
    </>
  )
}
