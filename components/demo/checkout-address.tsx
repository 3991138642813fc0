'use client'

import { Button, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { tracker } from '@/components/layout/tracker'
import { CheckoutSteps } from './checkout-steps'
import shared from './demo.module.css'
import { EmptyCart } from './empty-cart'
import { PageHead } from './page-head'
import { type Address, changeShop, useAlive, useShop } from './store'

/** Where the order goes: the second stage of the checkout. */
export function CheckoutAddress() {
  const alive = useAlive()
  const { runId, address, customer } = useShop()
  useEffect(() => {
    if (runId) tracker.stage('checkout', 'address', 2, { runId })
  }, [runId])
  if (!alive) return <PageHead title="Address" />
  if (!runId) return <EmptyCart title="Address" />
  return (
    <>
      <CheckoutSteps at="Address" />
      <PageHead title="Address">
        Any address will do. It stays in this browser: nothing of it is recorded.
      </PageHead>
      <AddressForm known={address ?? { name: customer?.name ?? '', street: '', town: '' }} />
    </>
  )
}

function AddressForm({ known }: { known: Address }) {
  const router = useRouter()
  const needed = (what: string) => (value: string) => (value.trim() ? null : `${what} is needed`)
  const form = useForm<Address>({
    initialValues: known,
    validate: { name: needed('A name'), street: needed('A street'), town: needed('A town') },
  })
  const submit = form.onSubmit((address) => {
    changeShop({ address })
    router.push('/demo/checkout/payment')
  })
  return (
    <form onSubmit={submit} noValidate className={`${shared.panel} ${shared.narrow}`}>
      <Stack gap="md">
        <TextInput size="md" label="Name" autoComplete="name" {...form.getInputProps('name')} />
        <TextInput
          size="md"
          label="Street and number"
          autoComplete="street-address"
          {...form.getInputProps('street')}
        />
        <TextInput size="md" label="Town" autoComplete="address-level2" {...form.getInputProps('town')} />
        <Button size="md" type="submit">
          Continue to payment
        </Button>
      </Stack>
    </form>
  )
}
