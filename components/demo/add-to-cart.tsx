'use client'

import { Button, VisuallyHidden } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useState } from 'react'
import { tracker } from '@/components/layout/tracker'
import type { Product } from './products'
import { quantityOf, readShop, setQuantity } from './store'

/** Milliseconds that the button says what it did. */
const SAID_MS = 2_000

interface AddToCartProps {
  product: Product
  /** Where on the shop it stands. */
  from: string
  small?: boolean
}

/** Puts one more of a product into the cart. */
export function AddToCart({ product, from, small }: AddToCartProps) {
  const [added, setAdded] = useState(false)
  const add = () => {
    const quantity = quantityOf(readShop(), product) + 1
    setQuantity(product, quantity)
    tracker.track('add_to_cart', { product: product.id, price: product.price / 100, quantity, from })
    setAdded(true)
    setTimeout(() => setAdded(false), SAID_MS)
  }
  return (
    <>
      <Button
        size={small ? 'xs' : 'md'}
        variant={small ? 'default' : 'filled'}
        aria-label={`Add to cart: ${product.name}`}
        leftSection={added ? <IconCheck size={small ? 14 : 18} /> : undefined}
        onClick={add}
      >
        Add to cart
      </Button>
      <VisuallyHidden role="status">{added ? `${product.name} is in the cart.` : ''}</VisuallyHidden>
    </>
  )
}
