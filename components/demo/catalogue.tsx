'use client'

import { Button, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import Link from 'next/link'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { type FormEvent, useState } from 'react'
import { tracker } from '@/components/layout/tracker'
import { AddToCart } from './add-to-cart'
import classes from './catalogue.module.css'
import { PageHead } from './page-head'
import { ProductPicture } from './product-picture'
import { categories, formatPrice, type Product, products, searchProducts } from './products'

/** All that the shop sells, by category, or what a search found. */
export function Catalogue() {
  const [category] = useQueryState('category', parseAsStringLiteral(categories))
  const [found, setFound] = useState<{ words: string; items: Product[] } | null>(null)
  const items = (found?.items ?? products).filter((one) => !category || one.category === category)
  return (
    <>
      <PageHead title="Things for small boats and long walks">
        Twelve things, each made to last. Search them, or go by the place where they are used.
      </PageHead>
      <div className={classes.tools}>
        <Search onFound={setFound} />
        <nav aria-label="Categories" className={classes.categories}>
          {[null, ...categories].map((one) => (
            <Link
              key={one}
              href={one ? `/demo?category=${one}` : '/demo'}
              aria-current={one === category ? 'page' : undefined}
              data-hf-event="choose_category"
              data-hf-category={one ?? 'all'}
            >
              {one ? nameOf(one) : 'All'}
            </Link>
          ))}
        </nav>
      </div>
      <p role="status" className={classes.count}>
        {found ? `${items.length} found for “${found.words}”` : `${items.length} things`}
      </p>
      {items.length === 0 && <p>Nothing here has these words. Try “rope”, “wool” or “tea”.</p>}
      <ul className={classes.grid} aria-label="Products">
        {items.map((product) => (
          <li key={product.id} className={classes.card}>
            <Link href={`/demo/product/${product.id}`} className={classes.link}>
              <ProductPicture id={product.id} />
              <span className={classes.name}>{product.name}</span>
            </Link>
            <p className={classes.line}>{product.line}</p>
            <div className={classes.foot}>
              <span className={classes.price}>{formatPrice(product.price)}</span>
              <AddToCart product={product} from="catalogue" small />
            </div>
          </li>
        ))}
      </ul>
    </>
  )
}

export const nameOf = (category: string): string => category.slice(0, 1).toUpperCase() + category.slice(1)

/** Finds products by words; nothing typed shows all again. */
function Search({ onFound }: { onFound: (found: { words: string; items: Product[] } | null) => void }) {
  const [words, setWords] = useState('')
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const wanted = words.trim()
    if (!wanted) return onFound(null)
    setBusy(true)
    const items = await tracker.time('search', () => searchProducts(wanted), { category: 'catalogue' })
    setBusy(false)
    onFound({ words: wanted, items })
    tracker.track('search', { words: wanted, results: items.length }, { category: 'catalogue' })
  }
  return (
    <search>
      <form onSubmit={submit} className={classes.search}>
        <TextInput
          size="md"
          type="search"
          aria-label="Search the shop"
          placeholder="Rope, wool, tea …"
          leftSection={<IconSearch size={18} />}
          value={words}
          onChange={(event) => {
            setWords(event.currentTarget.value)
            if (event.currentTarget.value === '') onFound(null)
          }}
        />
        <Button size="md" type="submit" variant="default" loading={busy}>
          Search
        </Button>
      </form>
    </search>
  )
}
