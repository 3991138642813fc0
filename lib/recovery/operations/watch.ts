import { setTimeout as sleep } from 'node:timers/promises'
import { isInRecovery } from '@/db/queries/recovery/member-facts'
import type { MemberAddress } from '@/lib/env'
import { askMember } from '@/lib/recovery/members/session'

const EVERY_MS = 50
/** One that is stopped by a signal answers nothing: that is known after so long, in milliseconds. */
const ANSWER_MS = 1_000

/** What a member's PostgreSQL said last, and when it last took writes and first did; in milliseconds since 1970. */
export interface Watched {
  state: 'unknown' | 'writable' | 'standby' | 'silent'
  lastWritableAt: number | null
  firstWritableAt: number | null
  /** Since when it has answered nothing. */
  silentSince: number | null
}

const UNKNOWN: Watched = { state: 'unknown', lastWritableAt: null, firstWritableAt: null, silentSince: null }

export interface Watch {
  of(name: string): Watched
  /** Waits until something holds. @returns whether it did before the deadline, in milliseconds since 1970 */
  until(deadline: number, holds: () => boolean): Promise<boolean>
  stop(): void
}

/** Asks each member again and again whether it takes writes, apart, so that a silent one keeps no other waiting. */
export function watchMembers(members: MemberAddress[]): Watch {
  let stopped = false
  const watched = new Map<string, Watched>(members.map(({ name }) => [name, { ...UNKNOWN }]))
  const follow = async (member: MemberAddress) => {
    const seen = watched.get(member.name) as Watched
    while (!stopped) {
      const asked = Date.now()
      const standby = await askMember(member, isInRecovery, ANSWER_MS).catch(() => undefined)
      seen.state = standby === undefined ? 'silent' : standby ? 'standby' : 'writable'
      seen.silentSince = standby === undefined ? (seen.silentSince ?? asked) : null
      if (seen.state === 'writable') {
        seen.firstWritableAt ??= Date.now()
        seen.lastWritableAt = asked
      }
      await sleep(EVERY_MS)
    }
  }
  for (const member of members) void follow(member)
  return {
    of: (name) => watched.get(name) ?? UNKNOWN,
    async until(deadline, holds) {
      while (!holds()) {
        if (stopped || Date.now() > deadline) return false
        await sleep(EVERY_MS / 2)
      }
      return true
    },
    stop: () => {
      stopped = true
    },
  }
}
