import type { Db } from '@/db/connect'
import type { RecordFilter } from '@/db/queries/analytics/record-filter'
import { allowMemory } from '@/db/queries/analytics/rollups/measure-durations'
import { type Progress, readProgress } from '@/db/queries/analytics/rollups/progress'
import { asksForTotal, type Question, type Source, sourceOf } from '@/db/queries/analytics/rollups/question'
import {
  areFactsEnough,
  askFacts,
  type FactQuestion,
  type RunKind,
} from '@/db/queries/analytics/rollups/runs/question'
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
 * @param needs what the answer is by; without `weeks` only cells by day, of what is kept by day alone
 */
export function askRollups(
  { filter, range, progress }: Asked,
  sources: [Source, ...Source[]],
  { by = [], interval, weeks = true }: { by?: string[]; interval?: Interval; weeks?: boolean } = {},
): Question {
  const { nextTransaction, timezone } = progress
  const source = sourceOf(sources, filter, by)
  if (source === undefined || timezone === null) {
    return { source: sources[0], filter, segments: { cells: [], rows: [range] }, nextTransaction }
  }
  const hours = source === 'event' && asksForTotal(filter, by)
  return {
    source,
    filter,
    segments: segmentsOf(range, { timezone, interval, hours, weeks }),
    nextTransaction,
  }
}

/** The question about runs that begin in a range, if the rollups' facts about them can answer it. */
export async function askRuns(
  tx: Db,
  kind: RunKind,
  { filter, range }: Omit<Asked, 'progress'>,
  { by = [], interval }: { by?: string[]; interval?: Interval } = {},
): Promise<FactQuestion | undefined> {
  const { nextTransaction, timezone } = await readProgress(tx, filter.projectId)
  if (timezone === null || !areFactsEnough(filter, by)) return undefined
  const segments = segmentsOf(range, { timezone, interval, hours: false, weeks: false })
  if (segments.cells.length === 0) return undefined
  await allowMemory(tx)
  return askFacts(tx, { kind, filter, segments, nextTransaction })
}

/** Whether rollups hold any of the answer. Where they hold nothing, one look at the records answers more at once. */
export const isRolledUp = ({ segments }: Question): boolean => segments.cells.length > 0
