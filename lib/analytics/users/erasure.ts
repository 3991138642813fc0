import { deleteIdentities, deleteUserRows } from '@/db/queries/analytics/users/delete-user'
import { listAnonymousIds } from '@/db/queries/analytics/users/list-anonymous-ids'
import { readUserRows } from '@/db/queries/analytics/users/read-user-rows'
import { audit } from '@/lib/access/audit/service'
import type { AccountCaller, ProjectCaller } from '@/lib/access/caller'
import { chosenProject } from '@/lib/access/identify'
import { changeUsers } from '@/lib/analytics/users/change-users'
import type * as contract from '@/lib/analytics/users/contract'
import { noSuchUser } from '@/lib/analytics/users/service'
import { inSnapshot } from '@/lib/database'
import type { OutputOf, ParsedInputOf } from '@/lib/http/endpoint'

/** What a deletion does not reach. */
const NOTES = [
  'Backups that were made before now hold this data until they expire. A restore from one brings it back: delete the user again after it.',
  'The logs hold no user ids.',
  'Records that another user sent beside an anonymousId of this one are the other’s, and stay.',
]

/** Everything that is stored about a user, row by row. @throws Problem 404 if nothing is stored */
export async function exportUserData(
  { userId }: ParsedInputOf<typeof contract.exportUser>,
  { project, receivedAt }: ProjectCaller,
): Promise<OutputOf<typeof contract.exportUser>> {
  const user = { projectId: project.id, userId }
  const [records, anonymousIds] = await inSnapshot((tx) =>
    Promise.all([readUserRows(tx, user), listAnonymousIds(tx, user)]),
  )
  if (Object.values(records).every((rows) => rows.length === 0)) throw noSuchUser()
  return { userId, anonymousIds, exportedAt: new Date(receivedAt).toISOString(), records }
}

/**
 * Deletes everything that is stored about a user, in one transaction, and says what was deleted.
 *
 * @throws Problem 404 if nothing is stored
 */
export async function eraseUser(
  { project: wanted, userId }: ParsedInputOf<typeof contract.deleteUser>,
  { account }: AccountCaller,
): Promise<OutputOf<typeof contract.deleteUser>> {
  const project = await chosenProject(account, wanted)
  const user = { projectId: project.id, userId }
  const deleted = await changeUsers(
    async (tx) => ({ projectId: project.id, from: [userId, ...(await deleteIdentities(tx, user))] }),
    async (tx, { from: [, ...anonymousIds] }) => {
      const rows = {
        ...(await deleteUserRows(tx, user, anonymousIds)),
        identities: anonymousIds.length,
      }
      if (Object.values(rows).every((count) => count === 0)) throw noSuchUser()
      const act = { action: 'user.deleted', subject: project.name, detail: rows } as const
      await audit(tx, { actor: account.email, ...act })
      return rows
    },
  )
  return { userId, deletedAt: new Date().toISOString(), deleted: deleted ?? {}, notes: NOTES }
}
