'use client'

import { Button, Group, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { tracker } from '@/components/layout/tracker'
import shared from './demo.module.css'
import { checkCoupon } from './products'
import { changeShop, useShop } from './store'

/** Takes a coupon; one that is not known is recorded as a use that failed. */
export function Coupon() {
  const { discount } = useShop()
  const [code, setCode] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const apply = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    try {
      changeShop({
        discount: await tracker.time('apply_coupon', () => checkCoupon(code), { category: 'checkout' }),
      })
      setProblem(null)
    } catch {
      setProblem('This coupon is not known. Try HARBOUR10.')
    }
    setBusy(false)
  }
  if (discount > 0)
    return (
      <p role="status" className={shared.said}>
        The coupon takes off {discount * 100}%.
      </p>
    )
  return (
    <form onSubmit={apply}>
      <Group gap="xs" align="flex-end" wrap="nowrap">
        <TextInput
          size="sm"
          flex={1}
          label="Coupon"
          placeholder="HARBOUR10"
          required
          withAsterisk={false}
          value={code}
          error={problem !== null}
          aria-describedby={problem ? 'coupon-problem' : undefined}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <Button size="sm" type="submit" variant="default" loading={busy}>
          Apply
        </Button>
      </Group>
      {problem && (
        <p id="coupon-problem" role="alert" className={`${shared.said} ${shared.wrong}`}>
          {problem}
        </p>
      )}
    </form>
  )
}
