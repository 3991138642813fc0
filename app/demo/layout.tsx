import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { ShopFrame } from '@/components/demo/shop-frame'
import { env } from '@/lib/env'

export const metadata: Metadata = {
  title: { default: 'Saltmarsh', template: '%s · Saltmarsh' },
  description: 'A small shop that shows what Holdfast records.',
}

/** The shop is there only where the start has the demo on. */
export default async function DemoLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get('x-nonce') ?? undefined
  const writeKey = env().HOLDFAST_DEMO_KEY
  if (!writeKey) notFound()
  return (
    <ShopFrame writeKey={writeKey} nonce={nonce}>
      {children}
    </ShopFrame>
  )
}
