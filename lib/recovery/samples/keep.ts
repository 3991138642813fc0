import { log } from '@/lib/log'
import type { ReplicationStatus } from '@/lib/recovery/replication/contract'
import { appendSample, dropOldSamples, type MemberSample, type Sample } from '@/lib/recovery/samples/store'
import { worstOf } from '@/lib/recovery/samples/worst'
import { singleton } from '@/lib/singleton'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

const state = () =>
  singleton('recovery.samples', () => ({ minute: [] as Sample[], failing: false, cleanedAt: 0 }))

/** Keeps what was seen at a moment, and, when its minute is over, the worst of it. Called in order of time. */
export function keepSample(status: ReplicationStatus): void {
  const held = state()
  const sample = { at: Date.parse(status.asOf), members: status.members.map(toSample) }
  try {
    const first = held.minute[0]
    if (first && minuteOf(first.at) !== minuteOf(sample.at)) {
      appendSample('minutes', { at: minuteOf(first.at) * MINUTE_MS, members: worstOf(held.minute) })
      held.minute = []
    }
    held.minute.push(sample)
    appendSample('seconds', sample)
    if (sample.at - held.cleanedAt > HOUR_MS) {
      dropOldSamples(sample.at)
      held.cleanedAt = sample.at
    }
    held.failing = false
  } catch (error) {
    // A full disk must not keep the worker from its other work: once in the log, not every 2 s.
    if (!held.failing) log('error', 'samples of the cluster cannot be kept', { error })
    held.failing = true
  }
}

const minuteOf = (at: number): number => Math.floor(at / MINUTE_MS)

/** A standby that has everything is not behind, though its leader, being quiet, measures no time. */
const toSample = ({
  name,
  role,
  healthy,
  lagBytes,
  lagMs,
}: ReplicationStatus['members'][number]): MemberSample => ({
  name,
  role,
  healthy,
  lagBytes,
  replayMs: lagMs.replay ?? (lagBytes === 0 ? 0 : null),
})
