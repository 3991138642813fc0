'use client'

import { useSyncExternalStore } from 'react'

const never = () => () => {}

/** Where this server is reached, for lines of code to copy; the server itself does not know. */
export function useOrigin(): string {
  return useSyncExternalStore(
    never,
    () => window.location.origin,
    () => 'http://localhost:3000',
  )
}
