import { and, desc, gte, lte, type SQL, sql } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { type RecordFilter, whereRecords } from '@/db/queries/analytics/record-filter'
import { userSatisfaction } from '@/db/schema'

/** Where a page of the list ended: the last row's key. */
export interface ResponsePosition {
  occurredAt: string
  userId: string
  id: string
}

/** Which of the responses that have a text. */
export interface ResponseSearch {
  /** Each is somewhere in the text, in any case. */
  words: string[]
  scoreFrom?: number
  scoreTo?: number
}

/** Responses with a text, newest first, after a position. */
export async function listResponses(
  db: Db,
  filter: RecordFilter,
  { words, scoreFrom, scoreTo }: ResponseSearch,
  limit: number,
  after?: ResponsePosition,
) {
  const { occurredAt, userId, id, response, score } = userSatisfaction
  const beyond =
    after &&
    sql`(${occurredAt}, ${userId}, ${id}) < (${after.occurredAt}::timestamptz, ${after.userId}, ${after.id}::uuid)`
  return db
    .select()
    .from(userSatisfaction)
    .where(
      and(
        whereRecords('user_satisfaction', filter),
        sql`${response} <> ''`,
        ...words.map((word): SQL => sql`${response} ilike ${containing(word)}`),
        scoreFrom === undefined ? undefined : gte(score, scoreFrom),
        scoreTo === undefined ? undefined : lte(score, scoreTo),
        beyond,
      ),
    )
    .orderBy(desc(occurredAt), desc(userId), desc(id))
    .limit(limit)
}

/** A pattern of texts that hold a word, whose own wildcards stand for themselves. */
const containing = (word: string): string => `%${word.replace(/[\\%_]/g, '\\$&')}%`
