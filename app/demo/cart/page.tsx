import type { Metadata } from 'next'
import { CartView } from '@/components/demo/cart-view'

export const metadata: Metadata = { title: 'Cart' }

export default function CartViewPage() {
  return <CartView />
}
