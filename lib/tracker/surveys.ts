import type { Store } from './store'
import type { Ask, ResponseFields, Survey, SurveyKind } from './types'

const DAY_MS = 86_400_000

/**
 * Asks the surveys that were made for a page; what it returns is to be called whenever another page is seen. `survey.js`,
 * which draws them, is loaded when one is due.
 */
export function watchSurveys(
  store: Store,
  api: string,
  key: string,
  allowed: () => boolean,
  respond: (survey: SurveyKind, score: number, fields: ResponseFields) => void,
): () => Promise<void> {
  let all: Survey[] | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  /** When somebody was asked is kept under the survey's id. */
  const due = ({ id, pattern, everyDays }: Survey) =>
    allowed() &&
    Number(store.get(id)) + everyDays * DAY_MS < Date.now() &&
    new RegExp(pattern).test(location.pathname)

  const ask = async (survey: Survey) => {
    const { id, question } = survey
    try {
      const { ask }: { ask: Ask } = await import(`${api}/survey.js`)
      // Someone may have moved on, or another tab have asked.
      if (!due(survey)) return
      store.set(id, Date.now())
      const context = { survey: id, page: location.pathname }
      ask(survey, (score, response) => respond(survey.survey, score, { question, response, context }))
    } catch {
      // The page allows no such script.
    }
  }

  return async () => {
    clearTimeout(timer)
    try {
      if (!allowed()) return
      const path = `${api}/api/analytics/user/satisfaction/surveys/due?writeKey=${key}`
      all ??= (await (await fetch(path)).json()).surveys as Survey[]
      const next = all.find(due)
      if (next) timer = setTimeout(ask, next.delaySeconds * 1000, next)
    } catch {
      // Nobody is asked, then.
    }
  }
}
