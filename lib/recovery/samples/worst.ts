import type { MemberSample, Sample } from '@/lib/recovery/samples/store'

/** Each member of some samples at its worst: the highest lags, unhealthy if it ever was; its role is the last one. */
export function worstOf(samples: Sample[]): MemberSample[] {
  const worst = new Map<string, MemberSample>()
  for (const { members } of samples)
    for (const member of members) {
      const before = worst.get(member.name)
      worst.set(member.name, before ? worse(before, member) : member)
    }
  return [...worst.values()]
}

const worse = (before: MemberSample, now: MemberSample): MemberSample => ({
  ...now,
  healthy: before.healthy && now.healthy,
  lagBytes: highest(before.lagBytes, now.lagBytes),
  replayMs: highest(before.replayMs, now.replayMs),
})

const highest = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.max(a, b)
