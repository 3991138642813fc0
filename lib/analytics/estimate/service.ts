import type { Db } from '@/db/connect'
import { listSavedFunnels } from '@/db/queries/analytics/funnels/saved-funnels'
import { countRecords } from '@/db/queries/analytics/rollups/count-records'
import { readProgress } from '@/db/queries/analytics/rollups/progress'
import type { ProjectCaller } from '@/lib/access/caller'
import { getEstimate, PATIENCE_MS, readsOf } from '@/lib/analytics/estimate/contract'
import { type Kind, kinds, likelyMs, noteTime, type Reading, usualMs } from '@/lib/analytics/estimate/pace'
import { askRollups } from '@/lib/analytics/parameters/ask'
import { recordFilter } from '@/lib/analytics/parameters/filter'
import { previousRange, resolveRange } from '@/lib/analytics/parameters/range'
import { inSnapshot } from '@/lib/database'
import type { OutputOf, ParsedInputOf } from '@/lib/http/endpoint'
import { hasGone } from '@/lib/http/request'
import { log } from '@/lib/log'

type Input = ParsedInputOf<typeof getEstimate>

/** How many records a question is about, and how many milliseconds reading them is likely to take. */
export async function estimate(input: Input, caller: ProjectCaller): Promise<OutputOf<typeof getEstimate>> {
  const reading = await readingOf(input, caller)
  return { records: reading.records, ms: likelyMs(reading) }
}

/**
 * Answers a question, and takes note of how long that took. What comes sooner than anyone is told of is left out:
 * rollups answered it, or an index found the few records that it is about.
 */
export async function timed<T>(
  id: string,
  input: Record<string, unknown>,
  caller: Partial<ProjectCaller>,
  answer: () => Promise<T>,
): Promise<T> {
  const begun = performance.now()
  const answered = await answer()
  const took = performance.now() - begun
  const asked = took > PATIENCE_MS ? readsOf(id, input) : undefined
  if (asked) {
    // Whoever asked does not wait for this.
    readingOf(getEstimate.input.parse(asked), caller as ProjectCaller)
      .then((reading) => noteTime(reading, took))
      .catch((error) => hasGone() || log('warn', 'time not noted', { endpoint: id, error }))
  }
  return answered
}

async function readingOf(input: Input, { project, receivedAt }: ProjectCaller): Promise<Reading> {
  const range = resolveRange(input, project, receivedAt)
  const ranges = input.compare ? [range, previousRange(range)] : [range]
  return inSnapshot(async (tx) => {
    const progress = await readProgress(tx, project.id)
    const read = await kindsOf(tx, project.id, input)
    const reading = { name: [input.question, ...read].join(' '), records: 0, usual: 0 }
    for (const kind of read) {
      for (const range of ranges) {
        const filter = recordFilter({}, project.id, range)
        const [counted] = await countRecords(tx, askRollups({ filter, range, progress }, [kind]), {})
        reading.records += counted?.records ?? 0
        reading.usual += usualMs(kind, counted?.records ?? 0)
      }
    }
    return reading
  }, 'estimates')
}

/** The kinds that a question reads: a saved funnel is of events, a tracked one of stages. */
async function kindsOf(tx: Db, projectId: string, { of, funnel }: Input): Promise<Kind[]> {
  if (of === 'any') return kinds
  if (of !== 'funnel' && of !== 'saved') return [of]
  const saved = (await listSavedFunnels(tx, projectId)).filter(({ name }) => name === (funnel ?? name))
  const events: Kind[] = saved.length > 0 ? ['event'] : []
  const isTracked = of === 'funnel' && (funnel === undefined || saved.length === 0)
  return isTracked ? ['stage', ...events] : events
}
