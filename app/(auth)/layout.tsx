import type { ReactNode } from 'react'
import { TrackerScript } from '@/components/layout/tracker-script'
import { env } from '@/lib/env'

export default function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <TrackerScript writeKey={env().HOLDFAST_OWN_KEY} />
      {children}
    </>
  )
}
