'use client'

import { SessionProvider } from 'next-auth/react'
import type { ReactNode } from 'react'
import { atBase } from '@/lib/http/base-path'

/** Tells next-auth's part in the browser where its endpoints are; of the session it needs to know nothing. */
export function AuthAtBase({ children }: { children: ReactNode }) {
  return (
    <SessionProvider basePath={atBase('/api/auth')} session={null} refetchOnWindowFocus={false}>
      {children}
    </SessionProvider>
  )
}
