'use client'

import { Button, Group, Stack, Title } from '@mantine/core'
import { IconHeart, IconHeartFilled } from '@tabler/icons-react'
import Link from 'next/link'
import { tracker } from '@/components/layout/tracker'
import { AddToCart } from './add-to-cart'
import { nameOf } from './catalogue'
import shared from './demo.module.css'
import { Gallery } from './gallery'
import classes from './product-view.module.css'
import { findProduct, formatPrice, type Product } from './products'
import { changeShop, readShop, useShop } from './store'

/** One product: what it looks like, what it is, and the ways to keep it. */
export function ProductView({ id }: { id: string }) {
  const product = findProduct(id)
  if (!product) return null
  return (
    <>
      <nav aria-label="Where you are" className={classes.trail}>
        <Link href="/demo" className={shared.link}>
          Catalogue
        </Link>{' '}
        /{' '}
        <Link href={`/demo?category=${product.category}`} className={shared.link}>
          {nameOf(product.category)}
        </Link>
      </nav>
      <div className={classes.product}>
        <Gallery product={product} />
        <Stack gap="md">
          <div>
            <Title order={1}>{product.name}</Title>
            <p className={classes.price}>{formatPrice(product.price)}</p>
          </div>
          <p className={classes.line}>{product.line}</p>
          <Group gap="sm">
            <AddToCart product={product} from="product" />
            <Wish product={product} />
          </Group>
          <details
            className={classes.details}
            onToggle={(event) =>
              event.currentTarget.open &&
              tracker.feature('care_guide', 'opened', { properties: { product: product.id } })
            }
          >
            <summary>Material and care</summary>
            <p>{product.care}</p>
          </details>
          <p className={shared.said}>
            Questions?{' '}
            <Link
              href="/demo/support"
              className={shared.link}
              data-hf-event="ask_about_product"
              data-hf-product={product.id}
            >
              Ask our support
            </Link>
            .
          </p>
        </Stack>
      </div>
    </>
  )
}

/** Keeps a product for later, or no longer. */
function Wish({ product }: { product: Product }) {
  const wished = useShop().wishlist.includes(product.id)
  const change = () => {
    const others = readShop().wishlist.filter((id) => id !== product.id)
    changeShop({ wishlist: wished ? others : [...others, product.id] })
    tracker.feature('wishlist', wished ? 'used' : 'completed', {
      category: 'catalogue',
      properties: { product: product.id, change: wished ? 'removed' : 'added' },
    })
  }
  return (
    <Button
      size="md"
      variant="default"
      aria-pressed={wished}
      leftSection={wished ? <IconHeartFilled size={18} /> : <IconHeart size={18} />}
      onClick={change}
    >
      On my wishlist
    </Button>
  )
}
