import type { Metadata } from 'next'
import { CheckoutPayment } from '@/components/demo/checkout-payment'

export const metadata: Metadata = { title: 'Payment' }

export default function CheckoutPaymentPage() {
  return <CheckoutPayment />
}
