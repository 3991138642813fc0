'use client'

import { Button, Checkbox, Group, Stack, Switch, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import Link from 'next/link'
import { useEffect, useState } from 'react'
import { tracker } from '@/components/layout/tracker'
import { nameOf } from './catalogue'
import shared from './demo.module.css'
import { PageHead } from './page-head'
import { categories } from './products'
import { changeShop, makeId, readShop, useShop } from './store'

const JOURNEY = 'onboarding'
type Step = 'details' | 'interests' | 'newsletter' | 'welcome'

/** Signs a customer up in three steps: the journey `onboarding`. */
export function SignUp() {
  const [step, setStep] = useState<Step>('details')
  const [runId] = useState(() => (typeof window === 'undefined' ? '' : makeId('onboarding')))
  const { customer } = useShop()
  useEffect(() => {
    if (step !== 'welcome') tracker.step(JOURNEY, step, { runId })
  }, [step, runId])
  const complete = (newsletter: boolean) => {
    tracker.feature('newsletter', 'completed', { properties: { wanted: newsletter } })
    tracker.completeJourney(JOURNEY, { runId })
    setStep('welcome')
  }
  if (step === 'welcome')
    return (
      <PageHead title={`Welcome, ${customer?.name ?? 'aboard'}`}>
        You are signed up.{' '}
        <Link href="/demo" className={shared.link} data-hf-event="start_shopping">
          Look around in the shop
        </Link>
      </PageHead>
    )
  return (
    <>
      <PageHead title="Sign up">
        Step {step === 'details' ? 1 : step === 'interests' ? 2 : 3} of 3. What you give stays in this
        browser.
      </PageHead>
      <div className={`${shared.panel} ${shared.narrow}`}>
        {step === 'details' && <Details onDone={() => setStep('interests')} />}
        {step === 'interests' && <Interests onDone={() => setStep('newsletter')} />}
        {step === 'newsletter' && <Newsletter onDone={complete} />}
      </div>
      {step === 'details' && (
        <p className={shared.said} style={{ marginTop: 12 }}>
          Signed up before?{' '}
          <Link href="/demo/sign-in" className={shared.link}>
            Sign in to the shop
          </Link>
        </p>
      )}
    </>
  )
}

/** Name and e-mail. The tracker knows the customer by a number, not by what they typed. */
function Details({ onDone }: { onDone: () => void }) {
  const form = useForm({
    initialValues: { name: '', email: '' },
    validate: {
      name: (value) => (value.trim() ? null : 'A name is needed'),
      email: (value) => (/^\S+@\S+$/.test(value.trim()) ? null : 'An e-mail address is needed'),
    },
  })
  const submit = form.onSubmit(({ name, email }) => {
    const { customers } = readShop()
    const address = email.trim().toLowerCase()
    const known = customers.find((one) => one.email === address)
    const customer = { id: known?.id ?? makeId('customer'), name: name.trim(), email: address }
    changeShop({ customer, customers: [...customers.filter((one) => one !== known), customer] })
    tracker.identify(customer.id)
    onDone()
  })
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <TextInput size="md" label="Name" autoComplete="name" {...form.getInputProps('name')} />
        <TextInput
          size="md"
          type="email"
          label="E-mail"
          autoComplete="email"
          {...form.getInputProps('email')}
        />
        <Button size="md" type="submit">
          Sign up
        </Button>
      </Stack>
    </form>
  )
}

function Interests({ onDone }: { onDone: () => void }) {
  const [chosen, setChosen] = useState<string[]>([])
  const submit = () => {
    tracker.track('choose_interests', { interests: chosen }, { category: JOURNEY })
    onDone()
  }
  return (
    <Stack gap="md">
      <Checkbox.Group label="Where do you use our things?" size="md" value={chosen} onChange={setChosen}>
        <Stack gap="sm" mt="xs">
          {categories.map((one) => (
            <Checkbox key={one} size="md" value={one} label={nameOf(one)} />
          ))}
        </Stack>
      </Checkbox.Group>
      <Button size="md" onClick={submit}>
        Continue
      </Button>
    </Stack>
  )
}

function Newsletter({ onDone }: { onDone: (wanted: boolean) => void }) {
  const [wanted, setWanted] = useState(false)
  return (
    <Stack gap="md">
      <Switch
        size="md"
        label="Send me the letter of the tides, four times a year"
        checked={wanted}
        onChange={(event) => setWanted(event.currentTarget.checked)}
      />
      <Group>
        <Button size="md" onClick={() => onDone(wanted)}>
          Finish
        </Button>
      </Group>
    </Stack>
  )
}
