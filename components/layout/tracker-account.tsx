'use client'

import { useEffect } from 'react'
import { tracker } from './tracker'

/** Names the account to the tracker. */
export function TrackerAccount({ id }: { id: string }) {
  useEffect(() => tracker.identify(id), [id])
  return null
}
