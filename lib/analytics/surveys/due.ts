import { listActiveSurveys } from '@/db/queries/analytics/satisfaction/list-active-surveys'
import { askOrRecall } from '@/lib/access/record/recall'
import { singleton } from '@/lib/singleton'
import type { Survey } from '@/lib/tracker/types'

/** A change made by another process is known after this long; one made by this process at once. */
const FRESH_MS = 5_000

interface Entry {
  /** As last known; nothing, before the database has ever told. */
  surveys?: Survey[]
  /** When it is to be asked for again, in milliseconds since 1970. */
  until: number
  /** The question under way, which all who come meanwhile share. */
  asking?: Promise<Survey[]>
}

const cache = singleton('surveys.due', () => new Map<string, Entry>())

/**
 * The active surveys of a project: every page view of every app asks, so they are kept for some seconds. What was known
 * outlives the database.
 *
 * @throws Problem 503 when the database does not answer and has told nothing before: none would be a wrong answer
 */
export async function dueSurveys(projectId: string): Promise<Survey[]> {
  const entry = cache.get(projectId) ?? { until: 0 }
  cache.set(projectId, entry)
  if (entry.surveys && entry.until > Date.now()) return entry.surveys
  entry.asking ??= ask(projectId, entry).finally(() => {
    entry.asking = undefined
  })
  return entry.asking
}

async function ask(projectId: string, entry: Entry): Promise<Survey[]> {
  try {
    entry.surveys = await askOrRecall<Survey[]>(
      async (db) =>
        (await listActiveSurveys(db, projectId)).map(({ page, ...survey }) => ({
          ...survey,
          pattern: patternOf(page),
        })),
      () => undefined,
    )
  } catch (error) {
    if (!entry.surveys) throw error
  }
  // After a failure as well: nobody waits anew for a database that has just not answered.
  entry.until = Date.now() + FRESH_MS
  return entry.surveys
}

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

/** To be called after a change to a project's surveys. */
export function forgetDue(projectId: string): void {
  const known = cache.get(projectId)?.surveys
  // A new entry: a question that is under way may have been answered before the change.
  cache.set(projectId, { surveys: known, until: 0 })
}
