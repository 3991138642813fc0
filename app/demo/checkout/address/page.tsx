import type { Metadata } from 'next'
import { CheckoutAddress } from '@/components/demo/checkout-address'

export const metadata: Metadata = { title: 'Address' }

export default function CheckoutAddressPage() {
  return <CheckoutAddress />
}
