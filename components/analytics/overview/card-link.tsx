'use client'

import { Anchor } from '@mantine/core'
import Link from 'next/link'
import { createSerializer, useQueryStates } from 'nuqs'
import { rangeParsers } from '@/components/analytics/search-params'

const withRange = createSerializer(rangeParsers)

/** The page that a card is about, in the same project and range. */
export function CardLink({ href, children }: { href: string; children: string }) {
  const [range] = useQueryStates(rangeParsers)
  return (
    <Anchor component={Link} href={withRange(href, range)} size="sm" mr={4}>
      {children}
    </Anchor>
  )
}
