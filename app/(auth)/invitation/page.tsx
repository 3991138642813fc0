import type { Metadata } from 'next'
import { AuthCard } from '@/components/layout/auth-card'
import { InvitationForm } from '@/components/layout/invitation-form'

export const metadata: Metadata = { title: 'Choose a password', referrer: 'no-referrer' }

/** The secret of the link stands after the `#`, where no server sees it: the browser asks for whom it is. */
export default function InvitationPage() {
  return (
    <AuthCard title="Choose a password">
      <InvitationForm />
    </AuthCard>
  )
}
