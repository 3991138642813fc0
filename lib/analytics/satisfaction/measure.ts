import type { Db } from '@/db/connect'
import type { Intervals } from '@/db/queries/analytics/intervals'
import { countRecords } from '@/db/queries/analytics/rollups/count-records'
import { tallyScores } from '@/db/queries/analytics/rollups/tally-scores'
import { breakDownScores, countScores, tallyScoresOverTime } from '@/db/queries/analytics/satisfaction-scores'
import { type Asked, askRollups, isRolledUp } from '@/lib/analytics/parameters/ask'
import { addUp, withRest } from '@/lib/analytics/parameters/rest'
import {
  fillScores,
  grades,
  npsGroups,
  type ScoreCount,
  type Survey,
  scoresOf,
  tallyOf,
} from '@/lib/analytics/satisfaction/score'

/** Responses to a survey in a range that match a filter, as one snapshot of the database sees them. */
export interface Responses extends Asked {
  tx: Db
  survey: Survey
}

/** The score, its distribution, and its series by interval, intervals without responses included. */
export async function measureScores(responses: Responses, intervals: Intervals) {
  const { survey } = responses
  const { counts, points } = await countOverTime(responses, intervals)
  const tally = tallyOf(survey, counts)
  return {
    ...scoresOf(survey, tally),
    ...npsGroups(survey, tally),
    distribution: fillScores(survey, counts),
    series: points.map(({ at, ...point }) => {
      const { score, responses } = scoresOf(survey, point)
      return { at, score, responses }
    }),
  }
}

async function countOverTime({ tx, survey, ...asked }: Responses, intervals: Intervals) {
  const question = askRollups(asked, ['response'], { by: ['score'], interval: intervals.name })
  if (!isRolledUp(question)) {
    const [counts, points] = await Promise.all([
      countScores(tx, asked.filter),
      tallyScoresOverTime(tx, asked.filter, grades[survey], intervals),
    ])
    return { counts, points }
  }
  const { starts } = intervals
  const rows = await countRecords(tx, question, { by: ['score'], intervals })
  const countsAt = new Map<string, ScoreCount[]>(starts.map((at) => [at, []]))
  for (const { at, value, records } of rows) countsAt.get(at)?.push({ score: Number(value), count: records })
  return {
    counts: addUpScores(rows.map(({ value, records }) => ({ score: Number(value), count: records }))),
    points: starts.map((at) => ({ at, ...tallyOf(survey, countsAt.get(at) ?? []) })),
  }
}

function addUpScores(counts: ScoreCount[]): ScoreCount[] {
  const sums = new Map<number, number>()
  for (const { score, count } of counts) sums.set(score, (sums.get(score) ?? 0) + count)
  return [...sums].map(([score, count]) => ({ score, count }))
}

/** Scores by a dimension, most responses first, and of all others together; null counts those that have no value. */
export async function measureScoresBy({ tx, survey, ...asked }: Responses, by: string, limit: number) {
  const question = askRollups(asked, ['response'], { by: [by, 'score'] })
  const all = isRolledUp(question)
    ? await tallyScores(tx, question, grades[survey], by)
    : await breakDownScores(tx, asked.filter, grades[survey], by)
  return withRest(
    all.slice(0, limit).map((group) => ({ value: group.value, ...scoresOf(survey, group) })),
    addUp(all.slice(limit), ['responses', 'sum', 'good', 'bad']),
    (left) => scoresOf(survey, left),
  )
}
