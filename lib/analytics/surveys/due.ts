import { listActiveSurveys } from '@/db/queries/analytics/satisfaction/list-active-surveys'
import { askOrRecall } from '@/lib/access/record/recall'
import { Remembered } from '@/lib/access/remembered'
import { singleton } from '@/lib/singleton'
import type { Survey } from '@/lib/tracker/types'

const due = () => singleton('surveys.due', () => new Remembered<Survey[]>(ask))

/**
 * The active surveys of a project: every page view of every app asks, so they are kept for some seconds. What was known
 * outlives the database.
 *
 * @throws Problem 503 when the database does not answer and has told nothing before: none would be a wrong answer
 */
export const dueSurveys = (projectId: string): Promise<Survey[]> => due().get(projectId)

/** To be called after a change to a project's surveys. */
export const forgetDue = (projectId: string): void => due().expire(projectId)

const ask = (projectId: string): Promise<Survey[]> =>
  askOrRecall<Survey[]>(
    async (db) =>
      (await listActiveSurveys(db, projectId)).map(({ page, ...survey }) => ({
        ...survey,
        pattern: patternOf(page),
      })),
    () => undefined,
  )

/**
 * The regular expression of a page's path, as browsers encode it: made here, so that the tracker need not. Each part
 * between two stars is looked for where it comes first, and there only (a group that was looked ahead to is not gone back
 * into): whatever the page and the path, it takes no longer than reading them.
 */
function patternOf(page: string): string {
  const encoded = encodeURI(page).replaceAll('%25', '%')
  const [first = '', ...rest] = encoded.split('*').map((part) => part.replace(/[^\w/]/g, '\\$&'))
  const last = rest.pop()
  const between = rest.map((part, index) => `(?=(.*?${part}))\\${index + 1}`)
  return `^${first}${between.join('')}${last === undefined ? '' : `.*${last}`}$`
}
