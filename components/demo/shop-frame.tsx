'use client'

import clsx from 'clsx'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import Script from 'next/script'
import type { ReactNode } from 'react'
import { atBase } from '@/lib/http/base-path'
import { RecordingBar } from './recording-bar'
import { BEFORE_SEND } from './recordings'
import classes from './shop-frame.module.css'
import { sumCart, useShop } from './store'

interface ShopFrameProps {
  /** The write key of the project that the shop records into. */
  writeKey: string
  nonce: string | undefined
  children: ReactNode
}

/** What stands around every page of the shop. */
export function ShopFrame({ writeKey, nonce, children }: ShopFrameProps) {
  const path = usePathname()
  const shop = useShop()
  const { items } = sumCart(shop)
  const links = [
    { href: '/demo', label: 'Catalogue' },
    { href: '/demo/support', label: 'Support' },
    shop.customer ? { href: '/demo/account', label: 'Account' } : { href: '/demo/sign-in', label: 'Sign in' },
  ]
  return (
    <div className={classes.shop}>
      {/* Loaded once the page is alive, so that what `data-before-send` names is there. */}
      <Script src={atBase('/holdfast.js')} data-key={writeKey} data-before-send={BEFORE_SEND} nonce={nonce} />
      <a href="#main" className="skip">
        Skip to the content
      </a>
      <header className={classes.header}>
        <div className={classes.bar}>
          <Link href="/demo" className={classes.brand} aria-label="Saltmarsh: the shop">
            <Sign />
            Saltmarsh
          </Link>
          <nav aria-label="Shop" className={classes.nav}>
            {links.map(({ href, label }) => (
              <Link
                key={label}
                href={href}
                className={classes.link}
                aria-current={path === href ? 'page' : undefined}
              >
                {label}
              </Link>
            ))}
            <Link
              href="/demo/cart"
              className={clsx(classes.link, classes.cart)}
              aria-label={`Cart ${items} ${items === 1 ? 'item' : 'items'}`}
              aria-current={path === '/demo/cart' ? 'page' : undefined}
            >
              Cart <span className={classes.count}>{items}</span>
            </Link>
          </nav>
        </div>
      </header>
      <main id="main" tabIndex={-1} className={classes.main}>
        {children}
      </main>
      <footer className={classes.footer}>
        <p>
          Saltmarsh is a demo: nothing is sold, and no payment leaves this page. What you do here is recorded
          into Holdfast, which the bar below shows.
        </p>
        <ul aria-label="More">
          <li>
            <Link
              href="/demo/account"
              data-hf-event="open_privacy"
              data-hf-place="footer"
              className={classes.quiet}
            >
              Privacy and recording
            </Link>
          </li>
          <li>
            <a
              href="https://en.wikipedia.org/wiki/Salt_marsh"
              target="_blank"
              rel="noopener"
              className={classes.quiet}
            >
              What a salt marsh is (Wikipedia)
            </a>
          </li>
        </ul>
      </footer>
      <RecordingBar />
    </div>
  )
}

/** Reeds over water. */
function Sign() {
  return (
    <svg width="26" height="26" viewBox="0 0 26 26" aria-hidden="true" className={classes.sign}>
      <path d="M8 16V6M13 16V3M18 16V8" />
      <path d="M3 19c3-2 5 2 10 0s7 1 10 0M6 23c3-1 5 1 8 0s4 0 6 0" />
    </svg>
  )
}
