'use client'

import { useState } from 'react'

const WRITE_KEY = /^wk_[A-Za-z0-9_-]{20,64}$/
/** What stands in the lines until there is a key. */
const NO_KEY = 'wk_…'

/** What is wrong with a key for a page, or null. */
export function faultOfKey(key: string): string | null {
  if (key === '' || WRITE_KEY.test(key)) return null
  return key.startsWith('sk_')
    ? 'This is a secret key: whoever sees it can read everything. Never put it into a page.'
    : 'A write key begins with wk_ and has 35 characters.'
}

/** The key in the lines of the page. It is known to this page alone, and only until it is left. */
export function useInstallKey() {
  const [text, setText] = useState('')
  const [made, setMade] = useState(false)
  const fault = faultOfKey(text.trim())
  const given = text.trim() !== '' && fault === null
  return {
    text,
    fault,
    made,
    /** What stands in the lines. */
    shown: given ? text.trim() : NO_KEY,
    given,
    paste: (value: string) => {
      setText(value)
      setMade(false)
    },
    take: (secret: string) => {
      setText(secret)
      setMade(true)
    },
  }
}

export type InstallKey = ReturnType<typeof useInstallKey>
