import type { Metadata } from 'next'
import { atBase } from '@/lib/http/base-path'
import classes from './not-found.module.css'

export const metadata: Metadata = { title: 'Not found' }

/** Of plain elements: what it is made of comes with every page. */
export default function NotFound() {
  return (
    <main className={classes.page}>
      <h1>There is no such page</h1>
      <p>It may have moved, or the address has a slip in it.</p>
      <a href={atBase('/overview')}>Go to the overview</a>
    </main>
  )
}
