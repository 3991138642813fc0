import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { createLoader, parseAsString, type SearchParams } from 'nuqs/server'
import { AuthCard } from '@/components/layout/auth-card'
import { safePath } from '@/components/layout/safe-path'
import { SignInForm } from '@/components/layout/sign-in-form'
import { currentAccount } from '@/lib/access/auth'
import { issuerName } from '@/lib/access/oidc/issuer'
import { databaseAway } from '@/lib/database'

export const metadata: Metadata = { title: 'Sign in' }

const loadSearch = createLoader({ callbackUrl: parseAsString, error: parseAsString })

export default async function SignInPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { callbackUrl, error } = await loadSearch(searchParams)
  if (await currentAccount()) redirect(safePath(callbackUrl))
  const away = databaseAway()
  return (
    <AuthCard title="Sign in to Holdfast">
      <SignInForm
        callbackUrl={callbackUrl ?? (away ? '/recovery/replication' : undefined)}
        error={error ?? undefined}
        away={away}
        issuer={issuerName()}
      />
    </AuthCard>
  )
}
