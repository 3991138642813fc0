import type { Metadata } from 'next'
import { SupportView } from '@/components/demo/support-view'

export const metadata: Metadata = { title: 'Support' }

export default function SupportViewPage() {
  return <SupportView />
}
