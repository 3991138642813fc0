import type { SurveyKind } from '@/lib/tracker/types'

interface Scale {
  least: number
  most: number
  /** What the lowest and the highest score stand for. */
  ends: [string, string]
}

/** The scores of each survey, as the server takes them. */
export const scales: Record<SurveyKind, Scale> = {
  nps: { least: 0, most: 10, ends: ['Not likely', 'Very likely'] },
  csat: { least: 1, most: 5, ends: ['Not satisfied', 'Very satisfied'] },
  ces: { least: 1, most: 7, ends: ['Very hard', 'Very easy'] },
}
