'use client'

import { TextInput, type TextInputProps } from '@mantine/core'

/** The code that an app shows. */
export function CodeInput(props: TextInputProps) {
  return (
    <TextInput
      label="Code of your second factor"
      inputMode="numeric"
      autoComplete="one-time-code"
      maxLength={10}
      spellCheck={false}
      {...props}
    />
  )
}
