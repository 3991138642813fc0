import { describeUser, listUserFeatures } from '@/db/queries/analytics/users/describe-user'
import { listAnonymousIds } from '@/db/queries/analytics/users/list-anonymous-ids'
import * as timeline from '@/db/queries/analytics/users/list-user-records'
import { findNewestUsers, type LastSeen, type UserFilter } from '@/db/queries/analytics/users/newest-users'
import { summarizeUsers } from '@/db/queries/analytics/users/summarize-users'
import type { ProjectCaller } from '@/lib/access/caller'
import { coverageOf, recordFilter } from '@/lib/analytics/parameters/filter'
import { resolveRange } from '@/lib/analytics/parameters/range'
import type * as contract from '@/lib/analytics/users/contract'
import { inSnapshot, readFresh } from '@/lib/database'
import { fromCursor, toCursor } from '@/lib/http/cursor'
import type { OutputOf, ParsedInputOf } from '@/lib/http/endpoint'
import { Problem } from '@/lib/http/problem'

/** What a profile lists at the most. */
const ANONYMOUS_IDS = 100
const FEATURES = 10

/** Users with an event in the range, last seen first, a page at a time. @throws Problem 422 for a foreign cursor */
export async function findUsers(
  input: ParsedInputOf<typeof contract.listUsers>,
  { project, receivedAt }: ProjectCaller,
): Promise<OutputOf<typeof contract.listUsers>> {
  const range = resolveRange(input, project, receivedAt)
  const filter: UserFilter = {
    ...recordFilter(input, project.id, range, ['search']),
    search: input.search || undefined,
  }
  const [lastSeenAt, userId] = input.cursor === undefined ? [] : fromCursor(input.cursor, 2)
  const after: LastSeen | undefined = lastSeenAt && userId ? { lastSeenAt, userId } : undefined
  return inSnapshot(async (tx, readFrom) => {
    const found = await findNewestUsers(tx, filter, input.limit + 1, after)
    const page = found.slice(0, input.limit)
    const last = page.at(-1)
    const items = await summarizeUsers(
      tx,
      filter,
      page.map((user) => user.userId),
    )
    const nextCursor = found.length > page.length && last ? toCursor([last.lastSeenAt, last.userId]) : null
    return { items, nextCursor, ...coverageOf(range, receivedAt, readFrom) }
  })
}

/** One user: all that was ever recorded, in numbers. @throws Problem 404 if nothing is stored */
export async function findUser(
  { userId }: ParsedInputOf<typeof contract.getUser>,
  { project, receivedAt }: ProjectCaller,
): Promise<OutputOf<typeof contract.getUser>> {
  const user = { projectId: project.id, userId }
  const days = resolveRange({ from: '-90d' }, project, receivedAt)
  const [profile, features, anonymousIds] = await inSnapshot((tx) =>
    Promise.all([
      describeUser(tx, user, days),
      listUserFeatures(tx, user, FEATURES),
      listAnonymousIds(tx, user, ANONYMOUS_IDS),
    ]),
  )
  const { agent, firstSeenAt, lastSeenAt, ...counted } = profile
  if (!agent || !firstSeenAt || !lastSeenAt) throw noSuchUser()
  return { userId, anonymousIds, firstSeenAt, lastSeenAt, ...agent, ...counted, features }
}

/** A user's records of all kinds, newest first, a page at a time. @throws Problem 422 for a foreign cursor */
export async function findUserRecords(
  { userId, kind, limit, cursor }: ParsedInputOf<typeof contract.listUserRecords>,
  { project }: ProjectCaller,
): Promise<OutputOf<typeof contract.listUserRecords>> {
  const [occurredAt, afterKind, id] = cursor === undefined ? [] : fromCursor(cursor, 3)
  const after = occurredAt && afterKind && id ? { occurredAt, kind: afterKind, id } : undefined
  const user = { projectId: project.id, userId }
  const rows = await readFresh(({ db }) => timeline.listUserRecords(db, user, limit + 1, kind, after))
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    items: page.map(({ exactAt: _, ...item }) => item),
    nextCursor: rows.length > limit && last ? toCursor([last.exactAt, last.kind, last.id]) : null,
  }
}

/** The 404 for an id that nothing is stored under. */
export const noSuchUser = (): Problem => new Problem(404, 'Nothing is stored about this user.')
