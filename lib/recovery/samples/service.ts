import type { OutputOf, ParsedInputOf } from '@/lib/http/endpoint'
import type { getReplicationSamples, SamplePoint, SampleRange } from '@/lib/recovery/samples/contract'
import { type Detail, readSamples, type Sample } from '@/lib/recovery/samples/store'
import { worstOf } from '@/lib/recovery/samples/worst'

const SECOND_MS = 1_000
const HOUR_MS = 3_600_000

/** Some 350 steps each, about as many as a chart has pixels for. */
const ranges: Record<SampleRange, { ms: number; stepMs: number; detail: Detail }> = {
  '1h': { ms: HOUR_MS, stepMs: 10 * SECOND_MS, detail: 'seconds' },
  '6h': { ms: 6 * HOUR_MS, stepMs: 60 * SECOND_MS, detail: 'seconds' },
  '24h': { ms: 24 * HOUR_MS, stepMs: 300 * SECOND_MS, detail: 'minutes' },
  '7d': { ms: 168 * HOUR_MS, stepMs: 1800 * SECOND_MS, detail: 'minutes' },
}

/** What was seen of each member over a range that ends now, in equal steps. Asks nobody. */
export async function readReplicationSamples({
  range,
}: ParsedInputOf<typeof getReplicationSamples>): Promise<OutputOf<typeof getReplicationSamples>> {
  const { ms, stepMs, detail } = ranges[range]
  const to = (Math.floor(Date.now() / stepMs) + 1) * stepMs
  const from = to - ms
  const samples = readSamples(detail, from, to)
  const steps = Array.from({ length: ms / stepMs }, (): Sample[] => [])
  for (const sample of samples) steps[Math.floor((sample.at - from) / stepMs)]?.push(sample)
  const worst = steps.map(worstOf)
  return {
    asOf: newest(samples),
    from: iso(from),
    to: iso(to),
    stepSeconds: stepMs / SECOND_MS,
    members: namesOf(samples).map((name) => ({
      name,
      points: worst.map((members, index): SamplePoint => {
        const seen = members.find((member) => member.name === name)
        return {
          at: iso(from + index * stepMs),
          role: seen?.role ?? null,
          healthy: seen?.healthy ?? null,
          lagBytes: seen?.lagBytes ?? null,
          replayMs: seen?.replayMs ?? null,
        }
      }),
    })),
  }
}

const iso = (at: number): string => new Date(at).toISOString()
const newest = (samples: Sample[]): string | null => {
  const last = samples.at(-1)
  return last ? iso(last.at) : null
}
const namesOf = (samples: Sample[]): string[] =>
  [...new Set(samples.flatMap(({ members }) => members.map(({ name }) => name)))].sort()
