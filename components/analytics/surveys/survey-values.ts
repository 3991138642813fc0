import type { Survey } from '@/components/analytics/satisfaction/surveys'
import type { SurveyItem } from '@/lib/analytics/surveys/contract'
import { presets } from './presets'

/** What the form holds. */
export interface SurveyValues {
  survey: Survey
  question: string
  /** Empty: nothing is asked after the score. */
  followUp: string
  page: string
  delaySeconds: number | string
  everyDays: number | string
  active: boolean
}

export function valuesOf(item: SurveyItem | undefined): SurveyValues {
  if (!item)
    return { survey: 'nps', ...presetOf('nps'), page: '*', delaySeconds: 10, everyDays: 90, active: true }
  const { survey, question, followUp, page, delaySeconds, everyDays, active } = item
  return { survey, question, followUp: followUp ?? '', page, delaySeconds, everyDays, active }
}

/** What is sent of them, besides the kind, which cannot be changed. */
export const toInput = ({ survey: _, ...values }: SurveyValues) => ({
  ...values,
  followUp: values.followUp.trim() || null,
  delaySeconds: Number(values.delaySeconds),
  everyDays: Number(values.everyDays),
})

export const checks = {
  question: (value: string) => (value.trim() ? null : 'A question is needed'),
  page: (value: string) => (/^\s*[/*]/.test(value) ? null : 'Begins with / or *'),
  delaySeconds: (value: number | string) => (value === '' ? 'From 0 to 600' : null),
  everyDays: (value: number | string) => (value === '' ? 'From 1 to 365' : null),
}

/** Another kind has other words, unless someone wrote their own. */
export function withKind(values: SurveyValues, survey: Survey): SurveyValues {
  const [before, after] = [presetOf(values.survey), presetOf(survey)]
  return {
    ...values,
    survey,
    question: values.question === before.question ? after.question : values.question,
    followUp: values.followUp === before.followUp ? after.followUp : values.followUp,
  }
}

function presetOf(survey: Survey) {
  const { question, followUp } = presets[survey]
  return { question, followUp }
}
