import Link from 'next/link'
import shared from './demo.module.css'
import { PageHead } from './page-head'

/** What stands where there is nothing to pay for. */
export function EmptyCart({ title }: { title: string }) {
  return (
    <>
      <PageHead title={title}>Your cart is empty.</PageHead>
      <Link href="/demo" className={shared.link}>
        Go to the catalogue
      </Link>
    </>
  )
}
