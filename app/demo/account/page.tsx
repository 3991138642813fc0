import type { Metadata } from 'next'
import { AccountView } from '@/components/demo/account-view'

export const metadata: Metadata = { title: 'Account' }

export default function AccountViewPage() {
  return <AccountView />
}
