import type { Grades, ScoreTally } from '@/db/queries/analytics/satisfaction-scores'
import { scoreRange } from '@/lib/analytics/satisfaction/contract'

/** How the three surveys are scored; docs/metrics.md says the same in words. */

export type Survey = keyof typeof scoreRange

/** Promoters and detractors of nps, the satisfied and the dissatisfied of csat; ces is a mean alone. */
export const grades: Record<Survey, Grades> = {
  nps: { goodFrom: 9, badTo: 6 },
  csat: { goodFrom: 4, badTo: 2 },
  ces: { goodFrom: 5, badTo: 3 },
}

const formulas: Record<Survey, (tally: ScoreTally) => number> = {
  // Reichheld, The One Number You Need to Grow (2003): % of 9–10 minus % of 0–6.
  nps: ({ good, bad, responses }) => (100 * (good - bad)) / responses,
  // The share of the two top boxes of five.
  csat: ({ good, responses }) => (100 * good) / responses,
  ces: ({ sum, responses }) => sum / responses,
}

/** The number of responses, the survey's score and the mean; both null without responses. */
export function scoresOf(survey: Survey, tally: ScoreTally) {
  const { responses, sum } = tally
  if (responses === 0) return { responses, score: null, average: null }
  return { responses, score: formulas[survey](tally), average: sum / responses }
}

/** Promoters, passives and detractors; nothing for the other surveys. */
export function npsGroups(survey: Survey, { good, bad, responses }: ScoreTally) {
  if (survey !== 'nps') return {}
  return { promoters: good, passives: responses - good - bad, detractors: bad }
}

export interface ScoreCount {
  score: number
  count: number
}

/** The tally of a whole range, from its distribution. */
export function tallyOf(survey: Survey, counts: ScoreCount[]): ScoreTally {
  const { goodFrom, badTo } = grades[survey]
  const total = (some: ScoreCount[]) => some.reduce((sum, { count }) => sum + count, 0)
  return {
    responses: total(counts),
    sum: counts.reduce((sum, { score, count }) => sum + score * count, 0),
    good: total(counts.filter(({ score }) => score >= goodFrom)),
    bad: total(counts.filter(({ score }) => score <= badTo)),
  }
}

/** Every score that the survey has, in order, those that nobody gave included. */
export function fillScores(survey: Survey, counts: ScoreCount[]): ScoreCount[] {
  const [least, most] = scoreRange[survey]
  const given = new Map(counts.map(({ score, count }) => [score, count]))
  return Array.from({ length: most - least + 1 }, (_, index) => ({
    score: least + index,
    count: given.get(least + index) ?? 0,
  }))
}
