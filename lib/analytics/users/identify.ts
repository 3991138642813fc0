import type { Db } from '@/db/connect'
import { awaitWriters } from '@/db/queries/analytics/users/await-writers'
import {
  holdIdentity,
  type Identity,
  type IdentityState,
  insertIdentity,
  isUser,
  listLeftBehind,
  readIdentity,
} from '@/db/queries/analytics/users/identities'
import { moveRecords } from '@/db/queries/analytics/users/move-records'
import type { ProjectCaller } from '@/lib/access/caller'
import { changeUsers } from '@/lib/analytics/users/change-users'
import type * as contract from '@/lib/analytics/users/contract'
import { leader } from '@/lib/database'
import type { OutputOf, ParsedInputOf } from '@/lib/http/endpoint'
import { Problem } from '@/lib/http/problem'

/** Writers are waited for so long, in milliseconds; what a slower one leaves behind is moved by `moveLeftBehind`. */
const WRITERS_MS = 2_000
/** No statement that began before a join ends so many hours after it. */
const LEFT_HOURS = 24

/**
 * Joins an anonymousId to a user: its records of the past are moved, those to come are stored as the user's by ingest.
 * A record whose statement began before the join was committed saw no join and was not seen by the move: writers of
 * that time are waited for, and their records are moved, too.
 *
 * A write key is public, so it joins no id that is known as a user: whoever took one would keep that user's own joins out.
 *
 * @throws Problem 409 when it is joined to another user, 422 for an id that would be both an anonymousId and a user
 */
export async function identify(
  { anonymousId, userId }: ParsedInputOf<typeof contract.identifyUser>,
  { project, key }: ProjectCaller,
): Promise<OutputOf<typeof contract.identifyUser>> {
  if (anonymousId === userId) throw refused('userId', 'The same as the anonymousId')
  const identity = { projectId: project.id, anonymousId, userId }
  const state = await readIdentity(leader(), identity)
  refuseChains(state)
  const isNew = state.owner === null
  if (!isNew && state.tables.length === 0) {
    refuseOthers(state.owner, userId)
    return { userId, moved: 0 }
  }
  if (isNew && key === 'write' && (await isUser(leader(), project.id, anonymousId)))
    throw refused('anonymousId', 'Is a user: only a secret key joins it to another')
  const moved = await move(identity, async (tx) => {
    await insertIdentity(tx, identity)
    refuseOthers(await holdIdentity(tx, identity), userId)
    return true
  })
  if (!isNew) return { userId, moved }
  await awaitWriters(leader(), WRITERS_MS)
  return { userId, moved: moved + (await moveAgain(identity)) }
}

/**
 * Moves records that were left under anonymousIds joined in the last day: of writers that outlasted `identify`, or of
 * one that was cut off. To be called every now and then. Safe to run twice at once.
 */
export async function moveLeftBehind(): Promise<void> {
  for (const identity of await listLeftBehind(leader(), LEFT_HOURS)) await moveAgain(identity)
}

/** Moves what is there, if the join still holds: the user may have been deleted since. */
const moveAgain = (identity: Identity): Promise<number> =>
  move(identity, async (tx) => (await holdIdentity(tx, identity)) === identity.userId)

/** Moves the records that there are, if what is asked first in the transaction says so. Returns how many. */
async function move(identity: Identity, mayMove: (tx: Db) => Promise<boolean>): Promise<number> {
  const { projectId, anonymousId, userId } = identity
  let tables: IdentityState['tables'] = []
  const moved = await changeUsers(
    async (tx) => {
      if (!(await mayMove(tx))) return undefined
      tables = (await readIdentity(tx, identity)).tables
      return tables.length === 0 ? undefined : { projectId, from: [anonymousId], to: userId }
    },
    (tx) => moveRecords(tx, identity, tables),
  )
  return moved ?? 0
}

function refuseOthers(owner: string | null | undefined, userId: string): void {
  if (owner !== userId) throw new Problem(409, 'This anonymousId is joined to another user.')
}

/** A join leads from an anonymousId to a user in one step, so that every record has one owner. */
function refuseChains({ userIsJoined, anonymousIsUser }: IdentityState): void {
  if (userIsJoined) throw refused('userId', 'Is an anonymousId that was joined to a user: name that user')
  if (anonymousIsUser) throw refused('anonymousId', 'Is a user that an anonymousId was joined to')
}

const refused = (path: string, message: string): Problem =>
  new Problem(422, `${path}: ${message}`, { errors: [{ path, message }] })
