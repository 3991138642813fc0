import type { listKeys } from '@/lib/access/keys/contract'
import type { getLatestRecord } from '@/lib/analytics/records/contract'
import type { InputOf } from '@/lib/http/client'

/** What the page of keys asks for, on the server and in the browser. */
export const keysInput = (project: string | null): InputOf<typeof listKeys> => (project ? { project } : {})

/** What the page of installing asks for: the newest record that there is. */
export const latestInput = (project: string | null): InputOf<typeof getLatestRecord> =>
  project ? { project } : {}
