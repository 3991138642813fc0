'use client'

import { adoptTimeZones, type TimeZone } from './local-time'

/** Makes the times of all that is rendered after it those of the server's clocks, there and in the browser. */
export function TimeZones({ zones }: { zones: Record<string, TimeZone> }) {
  adoptTimeZones(zones)
  return null
}
