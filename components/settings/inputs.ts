import type { listKeys } from '@/lib/access/keys/contract'
import type { InputOf } from '@/lib/http/client'

/** What the page of keys asks for, on the server and in the browser. */
export const keysInput = (project: string | null): InputOf<typeof listKeys> => (project ? { project } : {})
