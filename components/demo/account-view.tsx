'use client'

import { Button, Group, Stack, Title } from '@mantine/core'
import Link from 'next/link'
import { tracker } from '@/components/layout/tracker'
import shared from './demo.module.css'
import { PageHead } from './page-head'
import { findProduct } from './products'
import { RecordingSwitch } from './recording-switch'
import { type Customer, changeShop, useShop } from './store'

/** Who is signed in, their wishlist, and whether anything is recorded. */
export function AccountView() {
  const { customer, wishlist } = useShop()
  const wished = wishlist.flatMap((id) => findProduct(id) ?? [])
  return (
    <>
      <PageHead title="Account" />
      <Stack gap="lg" className={shared.narrow}>
        <section className={shared.panel} aria-label="Customer">
          <Title order={2} mb="xs">
            Customer
          </Title>
          {customer ? <SignedIn customer={customer} /> : <SignedOut />}
        </section>
        <section className={shared.panel} aria-label="Wishlist">
          <Title order={2} mb="xs">
            Wishlist
          </Title>
          {wished.length === 0 && (
            <p className={shared.said}>Nothing yet: a heart on a product’s page puts it here.</p>
          )}
          <ul style={{ margin: 0, paddingLeft: 18 }}>
            {wished.map(({ id, name }) => (
              <li key={id}>
                <Link href={`/demo/product/${id}`} className={shared.link}>
                  {name}
                </Link>
              </li>
            ))}
          </ul>
        </section>
        <section className={shared.panel} aria-label="Recording">
          <Title order={2} mb="xs">
            Recording
          </Title>
          <RecordingSwitch />
        </section>
      </Stack>
    </>
  )
}

function SignedIn({ customer }: { customer: Customer }) {
  const leave = () => {
    tracker.track('sign_out', undefined, { category: 'account' })
    tracker.reset()
    changeShop({ customer: null, address: null, order: null, wishlist: [] })
  }
  return (
    <>
      <dl className={shared.rows}>
        <div className={shared.row}>
          <dt>Name</dt>
          <dd>{customer.name}</dd>
        </div>
        <div className={shared.row}>
          <dt>Customer number</dt>
          <dd>{customer.id}</dd>
        </div>
      </dl>
      <p className={shared.said}>Records carry the number, never the name or the address.</p>
      <Button size="md" mt="md" variant="default" onClick={leave}>
        Sign out
      </Button>
    </>
  )
}

function SignedOut() {
  return (
    <>
      <p style={{ margin: '0 0 12px' }}>You are not signed in.</p>
      <Group gap="sm">
        <Button size="md" component={Link} href="/demo/sign-up">
          Sign up to the shop
        </Button>
        <Button size="md" variant="default" component={Link} href="/demo/sign-in">
          Sign in to the shop
        </Button>
      </Group>
    </>
  )
}
