'use client'

import { Button, Radio, Stack } from '@mantine/core'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { tracker } from '@/components/layout/tracker'
import { CheckoutSteps } from './checkout-steps'
import shared from './demo.module.css'
import { EmptyCart } from './empty-cart'
import { PageHead } from './page-head'
import { formatPrice } from './products'
import { changeShop, makeId, readShop, sumCart, useAlive, useShop } from './store'
import { Sums } from './sums'

/** How it is paid: the third stage of the checkout, and its end. */
export function CheckoutPayment() {
  const alive = useAlive()
  const shop = useShop()
  const [method, setMethod] = useState('invoice')
  const router = useRouter()
  const paid = useRef(false)
  const { runId, address } = shop
  const { total } = sumCart(shop)
  useEffect(() => {
    if (runId && address) tracker.stage('checkout', 'payment', 3, { runId })
  }, [runId, address])
  if (!alive || paid.current) return <PageHead title="Payment" />
  if (!runId) return <EmptyCart title="Payment" />
  if (!address)
    return (
      <PageHead title="Payment">
        <Link href="/demo/checkout/address" className={shared.link}>
          The address is needed first
        </Link>
      </PageHead>
    )
  const pay = (event: FormEvent) => {
    event.preventDefault()
    // What follows empties the cart, which is not to be seen on the way to the next page.
    paid.current = true
    settle(method)
    router.push('/demo/checkout/done')
  }
  return (
    <>
      <CheckoutSteps at="Payment" />
      <PageHead title="Payment">No money moves: this shop is a demo.</PageHead>
      <div className={shared.split}>
        <form onSubmit={pay} className={shared.panel}>
          <Stack gap="lg">
            <Radio.Group label="How do you pay?" size="md" value={method} onChange={setMethod}>
              <Stack gap="sm" mt="xs">
                <Radio size="md" value="invoice" label="Invoice" />
                <Radio size="md" value="transfer" label="Bank transfer" />
                <Radio size="md" value="cash" label="Cash at the harbour office" />
              </Stack>
            </Radio.Group>
            <Button size="md" type="submit">
              Pay {formatPrice(total)}
            </Button>
          </Stack>
        </form>
        <section className={shared.panel} aria-label="Your order">
          <Sums />
          <p className={shared.said} style={{ marginTop: 12 }}>
            To {address.name}, {address.street}, {address.town}.{' '}
            <Link href="/demo/checkout/address" className={shared.link}>
              Change the address
            </Link>
          </p>
        </section>
      </div>
    </>
  )
}

/** Completes the run, keeps the order and empties the cart. */
function settle(method: string) {
  const shop = readShop()
  const { items, total } = sumCart(shop)
  const order = { number: makeId('order'), total }
  const properties = { order: order.number, value: total / 100, currency: 'EUR', items, method }
  tracker.completeFunnel('checkout', { runId: shop.runId ?? undefined, properties })
  tracker.track('purchase', properties, { category: 'checkout' })
  changeShop({ order, cart: [], runId: null, discount: 0 })
}
