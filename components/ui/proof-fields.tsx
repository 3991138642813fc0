'use client'

import { PasswordInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useState } from 'react'
import { CodeInput } from '@/components/ui/code-input'
import type { RequestError } from '@/lib/http/client'

/** What an order is proved with, where the sign-in is old. */
export interface Proof {
  password: string
  code: string
}
type Wanted = keyof Proof

export const noProof: Proof = { password: '', code: '' }

/** What of it is sent: nothing that was not asked for. */
export const proofOf = ({ password, code }: Proof): Partial<Proof> => ({
  ...(password && { password }),
  ...(code && { code }),
})

/** Which of the fields the server has asked for so far, and how to note that it does. */
export function useWanted(): [Wanted[], (failed: RequestError) => void] {
  const [wanted, setWanted] = useState<Wanted[]>([])
  const note = ({ errors }: RequestError) =>
    setWanted((before) =>
      (['password', 'code'] as const).filter(
        (field) => before.includes(field) || errors.some(({ path }) => path === field),
      ),
    )
  return [wanted, note]
}

interface ProofFieldsProps<Values extends Proof> {
  form: UseFormReturnType<Values>
  wanted: Wanted[]
}

/** The fields that were asked for. */
export function ProofFields<Values extends Proof>({ form, wanted }: ProofFieldsProps<Values>) {
  return (
    <>
      {wanted.includes('password') && (
        <PasswordInput
          label="Your password"
          description="Your sign-in is older than 5 minutes"
          autoComplete="current-password"
          {...form.getInputProps('password')}
        />
      )}
      {wanted.includes('code') && <CodeInput {...form.getInputProps('code')} />}
    </>
  )
}
