import type { MemberView } from '@/lib/recovery/topology/service'
import { singleton } from '@/lib/singleton'

interface Seen {
  name: string
  timeline: number
  /** What it had on disk, in bytes since 0/0. */
  flushed: number
}

const seen = () => singleton('recovery.last-seen', () => ({ last: undefined as Seen | undefined }))

/** Remembers who led and how far it was, for when it does not tell any more. */
export function rememberLeader(leader: MemberView | null): void {
  if (!leader?.facts?.writable) return
  const { timeline, flushed } = leader.facts
  seen().last = { name: leader.address.name, timeline, flushed }
}

/** Who led when it was last asked. */
export const lastLeader = (): string | undefined => seen().last?.name

/** How far a leader was when it was last asked on a timeline, in bytes; null if nobody asked. */
export function lastSeen(name: string, timeline: number): number | null {
  const { last } = seen()
  return last?.name === name && last.timeline === timeline ? last.flushed : null
}
