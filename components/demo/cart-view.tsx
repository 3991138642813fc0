'use client'

import { Button, NativeSelect, Stack } from '@mantine/core'
import Link from 'next/link'
import { useEffect } from 'react'
import { tracker } from '@/components/layout/tracker'
import classes from './cart-view.module.css'
import { Coupon } from './coupon'
import shared from './demo.module.css'
import { EmptyCart } from './empty-cart'
import { PageHead } from './page-head'
import { ProductPicture } from './product-picture'
import { formatPrice, type Product } from './products'
import { setQuantity, sumCart, useAlive, useShop } from './store'
import { Sums } from './sums'

const quantities = ['1', '2', '3', '4', '5', '6', '7', '8', '9']

/** What is in the cart: the first stage of the checkout. */
export function CartView() {
  const shop = useShop()
  const alive = useAlive()
  const { lines } = sumCart(shop)
  const { runId } = shop
  useEffect(() => {
    if (runId) tracker.stage('checkout', 'cart', 1, { runId })
  }, [runId])
  if (!alive) return <PageHead title="Cart" />
  if (lines.length === 0) return <EmptyCart title="Cart" />
  return (
    <>
      <PageHead title="Cart" />
      <div className={shared.split}>
        <ul className={classes.lines} aria-label="In the cart">
          {lines.map(({ product, quantity }) => (
            <li key={product.id} className={classes.item}>
              <div className={classes.picture}>
                <ProductPicture id={product.id} />
              </div>
              <div className={classes.what}>
                <Link href={`/demo/product/${product.id}`} className={classes.name}>
                  {product.name}
                </Link>
                <span className={classes.each}>{formatPrice(product.price)} each</span>
              </div>
              <NativeSelect
                size="sm"
                aria-label={`Quantity: ${product.name}`}
                data={quantities.includes(String(quantity)) ? quantities : [...quantities, String(quantity)]}
                value={String(quantity)}
                onChange={(event) => setQuantity(product, Number(event.currentTarget.value))}
              />
              <Button
                size="sm"
                variant="subtle"
                color="gray"
                aria-label={`Remove: ${product.name}`}
                onClick={() => remove(product, quantity)}
              >
                Remove
              </Button>
            </li>
          ))}
        </ul>
        <Stack gap="md" className={shared.panel}>
          <Sums />
          <Coupon />
          <Button size="md" component={Link} href="/demo/checkout/address">
            Go to the checkout
          </Button>
        </Stack>
      </div>
    </>
  )
}

function remove(product: Product, quantity: number) {
  setQuantity(product, 0)
  tracker.track('remove_from_cart', { product: product.id, quantity })
}
