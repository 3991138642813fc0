'use client'

import { useState } from 'react'
import { tracker } from '@/components/layout/tracker'
import { ProductPicture, type View } from './product-picture'
import classes from './product-view.module.css'
import type { Product } from './products'

const views: { view: View; label: string }[] = [
  { view: 'whole', label: 'Whole' },
  { view: 'close', label: 'Close up' },
  { view: 'drawing', label: 'Drawing' },
]

/** Pictures of a product. Recorded as opened at the first choice, as completed when all were seen. */
export function Gallery({ product }: { product: Product }) {
  const [shown, setShown] = useState<View>('whole')
  const [seen, setSeen] = useState<View[]>(['whole'])
  const choose = (view: View) => {
    setShown(view)
    if (view === shown) return
    const now = seen.includes(view) ? seen : [...seen, view]
    const action = seen.length === 1 ? 'opened' : now.length > seen.length ? 'completed' : 'used'
    tracker.feature('product_gallery', action, { properties: { product: product.id, view } })
    setSeen(now)
  }
  return (
    <section aria-label={`Pictures of ${product.name}`}>
      <ProductPicture id={product.id} view={shown} />
      <div className={classes.views}>
        {views.map(({ view, label }) => (
          <button
            key={view}
            type="button"
            className={classes.view}
            aria-pressed={view === shown}
            onClick={() => choose(view)}
          >
            <ProductPicture id={product.id} view={view} />
            {label}
          </button>
        ))}
      </div>
    </section>
  )
}
