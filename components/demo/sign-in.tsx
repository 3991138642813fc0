'use client'

import { Button, Stack, TextInput } from '@mantine/core'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { type FormEvent, useState } from 'react'
import { tracker } from '@/components/layout/tracker'
import shared from './demo.module.css'
import { PageHead } from './page-head'
import { changeShop, readShop } from './store'

/** Finds a customer of this device by e-mail address. */
export function SignIn() {
  const [email, setEmail] = useState('')
  const [unknown, setUnknown] = useState(false)
  const router = useRouter()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const address = email.trim().toLowerCase()
    const customer = readShop().customers.find((one) => one.email === address)
    setUnknown(!customer)
    tracker.track('sign_in', { success: customer !== undefined }, { category: 'account' })
    if (!customer) return
    tracker.identify(customer.id)
    changeShop({ customer })
    router.push('/demo/account')
  }
  return (
    <>
      <PageHead title="Sign in">There is no password: the shop knows who signed up in this browser.</PageHead>
      <form onSubmit={submit} noValidate className={`${shared.panel} ${shared.narrow}`}>
        <Stack gap="md">
          <TextInput
            size="md"
            type="email"
            label="E-mail"
            autoComplete="email"
            value={email}
            error={unknown && 'Nobody signed up with this address in this browser'}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <Button size="md" type="submit">
            Sign in
          </Button>
        </Stack>
      </form>
      <p className={shared.said} style={{ marginTop: 12 }}>
        New here?{' '}
        <Link href="/demo/sign-up" className={shared.link} data-hf-event="go_to_sign_up">
          Sign up to the shop
        </Link>
      </p>
    </>
  )
}
