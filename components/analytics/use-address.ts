'use client'

import { useSyncExternalStore } from 'react'
import { BASE_PATH } from '@/lib/http/base-path'

const never = () => () => {}

/** Where this server is reached, for lines of code to copy; the server itself does not know. */
export function useAddress(): string {
  return useSyncExternalStore(
    never,
    () => window.location.origin + BASE_PATH,
    () => `http://localhost:3000${BASE_PATH}`,
  )
}
