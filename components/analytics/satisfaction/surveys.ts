import { NONE } from '@/components/ui/format'
import type { getSatisfactionMetrics } from '@/lib/analytics/satisfaction/contract'
import type { OutputOf } from '@/lib/http/client'

export type Metrics = OutputOf<typeof getSatisfactionMetrics>
export type Survey = Metrics['survey']

interface Group {
  label: string
  from: number
  to: number
  tone: 'good' | 'fair' | 'bad'
}

interface SurveyWords {
  label: string
  name: string
  /** The lowest and the highest score that the survey as a whole can have, with the steps of an axis. */
  ticks: number[]
  /** The scores of one response, grouped; high first. */
  groups: [Group, ...Group[]]
  format: (score: number | null) => string
  /** A difference of two scores, without its sign. */
  formatDifference: (difference: number) => string
}

const fixed =
  (digits: number, unit = '') =>
  (value: number | null) =>
    value === null ? NONE : `${value.toFixed(digits).replace('-', '−')}${unit}`

/** What there is to say and draw about each survey. */
export const surveyWords: Record<Survey, SurveyWords> = {
  nps: {
    label: 'NPS',
    name: 'Net Promoter Score',
    ticks: [-100, -50, 0, 50, 100],
    groups: [
      { label: 'Promoters', from: 9, to: 10, tone: 'good' },
      { label: 'Passives', from: 7, to: 8, tone: 'fair' },
      { label: 'Detractors', from: 0, to: 6, tone: 'bad' },
    ],
    format: fixed(1),
    formatDifference: fixed(1, ' points'),
  },
  csat: {
    label: 'CSAT',
    name: 'Customer Satisfaction Score',
    ticks: [0, 25, 50, 75, 100],
    groups: [
      { label: 'Satisfied', from: 4, to: 5, tone: 'good' },
      { label: 'Neutral', from: 3, to: 3, tone: 'fair' },
      { label: 'Not satisfied', from: 1, to: 2, tone: 'bad' },
    ],
    format: fixed(1, '%'),
    formatDifference: fixed(1, ' pp'),
  },
  ces: {
    label: 'CES',
    name: 'Customer Effort Score',
    ticks: [1, 2, 3, 4, 5, 6, 7],
    groups: [
      { label: 'Easy', from: 5, to: 7, tone: 'good' },
      { label: 'Neither', from: 4, to: 4, tone: 'fair' },
      { label: 'Hard', from: 1, to: 3, tone: 'bad' },
    ],
    format: fixed(2),
    formatDifference: fixed(2, ' points'),
  },
}

export function groupOf(survey: Survey, score: number): Group {
  const { groups } = surveyWords[survey]
  return groups.find(({ from, to }) => score >= from && score <= to) ?? groups[0]
}

/** Responses with a score of a group. */
export const countIn = ({ from, to }: Group, distribution: Metrics['distribution']): number =>
  distribution.reduce((sum, { score, count }) => (score >= from && score <= to ? sum + count : sum), 0)
