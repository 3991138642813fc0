import type { Metadata } from 'next'
import { CheckoutDone } from '@/components/demo/checkout-done'

export const metadata: Metadata = { title: 'Thank you' }

export default function CheckoutDonePage() {
  return <CheckoutDone />
}
