import type { RecordFilter } from '@/db/queries/analytics/record-filter'
import type { Progress } from '@/db/queries/analytics/rollups/progress'
import { asksForTotal, type Question, type Source, sourceOf } from '@/db/queries/analytics/rollups/question'
import type { Interval } from '@/lib/analytics/parameters/contract'
import type { Range } from '@/lib/analytics/parameters/range'
import { segmentsOf } from '@/lib/analytics/parameters/segments'

/** Records of a range that match a filter, and how far the rollups of their project reach. */
export interface Asked {
  filter: RecordFilter
  range: Range
  progress: Progress
}

/**
 * The question with its time divided into what rollups hold and the rest; all is the rest where they hold nothing.
 *
 * @param sources that could answer, of the same records: the first one that can is asked
 */
export function askRollups(
  { filter, range, progress }: Asked,
  sources: [Source, ...Source[]],
  { by = [], interval }: { by?: string[]; interval?: Interval } = {},
): Question {
  const { nextTransaction, timezone } = progress
  const source = sourceOf(sources, filter, by)
  if (source === undefined || timezone === null) {
    return { source: sources[0], filter, segments: { cells: [], rows: [range] }, nextTransaction }
  }
  const hours = source === 'event' && asksForTotal(filter, by)
  return { source, filter, segments: segmentsOf(range, { timezone, interval, hours }), nextTransaction }
}
