import type { ReplicationSamples, SamplePoint } from '@/lib/recovery/samples/contract'

/** A stretch of time in which a member was the same: its role and its health. */
export interface Span {
  member: string
  from: string
  to: string
  role: SamplePoint['role']
  healthy: boolean | null
  lagBytes: number | null
  replayMs: number | null
}

/** The stretches of every member, in order of time; `role` is null where nothing was seen. */
export function spansOf({ members, stepSeconds }: ReplicationSamples): Span[] {
  return members.flatMap(({ name, points }) => {
    const spans: Span[] = []
    for (const { at, role, healthy, lagBytes, replayMs } of points) {
      const to = new Date(Date.parse(at) + stepSeconds * 1000).toISOString()
      const last = spans.at(-1)
      if (last && last.role === role && last.healthy === healthy) {
        last.to = to
        last.lagBytes = highest(last.lagBytes, lagBytes)
        last.replayMs = highest(last.replayMs, replayMs)
      } else spans.push({ member: name, from: at, to, role, healthy, lagBytes, replayMs })
    }
    return spans
  })
}

const highest = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.max(a, b)
