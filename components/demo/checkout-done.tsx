'use client'

import Link from 'next/link'
import { CheckoutSteps } from './checkout-steps'
import { Csat } from './csat'
import shared from './demo.module.css'
import { PageHead } from './page-head'
import { formatPrice } from './products'
import { useAlive, useShop } from './store'

/** The order, and one question on how it went. */
export function CheckoutDone() {
  const { order, customer } = useShop()
  const alive = useAlive()
  if (!alive) return <PageHead title="Thank you" />
  if (!order)
    return (
      <PageHead title="No order yet">
        <Link href="/demo" className={shared.link}>
          Go to the catalogue
        </Link>
      </PageHead>
    )
  return (
    <>
      <CheckoutSteps at="Done" />
      <PageHead title="Thank you">
        Your {order.number} of {formatPrice(order.total)} is on its way, or would be.
        {!customer && (
          <>
            {' '}
            <Link href="/demo/sign-up" className={shared.link} data-hf-event="sign_up_after_order">
              Sign up
            </Link>{' '}
            to find it again.
          </>
        )}
      </PageHead>
      <Csat
        question="How content are you with the checkout?"
        context={{ after: 'checkout', order: order.number }}
      />
    </>
  )
}
