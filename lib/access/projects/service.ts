import type { Db } from '@/db/connect'
import { deleteProject } from '@/db/queries/access/delete-project'
import * as queries from '@/db/queries/access/projects'
import type { projects } from '@/db/schema'
import { audit } from '@/lib/access/audit/service'
import { type AccountCaller, roleIn } from '@/lib/access/caller'
import { forgetAccess } from '@/lib/access/project-cache'
import type * as contract from '@/lib/access/projects/contract'
import { askOrRecall } from '@/lib/access/record/recall'
import { leader } from '@/lib/database'
import { errorCode } from '@/lib/http/database-problem'
import type { OutputOf, ParsedInputOf } from '@/lib/http/endpoint'
import { Problem } from '@/lib/http/problem'

const UNIQUE_VIOLATION = '23505'

/** Every project that someone sees, oldest first. */
export async function findProjects(
  _input: object,
  { account }: AccountCaller,
): Promise<OutputOf<typeof contract.listProjects>> {
  const all = await askOrRecall<Omit<contract.ProjectItem, 'role'>[]>(
    async (db) => (await queries.findProjects(db)).map(toJson),
    (record) => record.projects,
  )
  return {
    projects: all.flatMap((project) => {
      const role = roleIn(account, project.id)
      return role ? [{ ...project, role }] : []
    }),
  }
}

/** Makes a project. @throws Problem 409 when the name is taken */
export async function makeProject(
  input: ParsedInputOf<typeof contract.createProject>,
  { account }: AccountCaller,
): Promise<OutputOf<typeof contract.createProject>> {
  const row = await leader().transaction(async (tx) => {
    const made = await queries.insertProject(tx, input)
    if (!made) throw nameTaken(input.name)
    const { name, ...detail } = input
    await audit(tx, { actor: account.email, action: 'project.created', subject: name, detail })
    return made
  })
  forgetAccess()
  return { project: toItem(row) }
}

/** Changes what is given of a project. @throws Problem 404, or 409 when the name is taken */
export async function changeProject(
  { id, ...changes }: ParsedInputOf<typeof contract.updateProject>,
  { account }: AccountCaller,
): Promise<OutputOf<typeof contract.updateProject>> {
  if (Object.keys(changes).length === 0) throw new Problem(422, 'Nothing to change was given.')
  const change = async (tx: Db) => {
    const changed = await queries.updateProject(tx, id, changes)
    if (!changed) throw new Problem(404, 'There is no such project.')
    const act = { action: 'project.changed', subject: changed.name, detail: changes } as const
    await audit(tx, { actor: account.email, ...act })
    return changed
  }
  const row = await leader()
    .transaction(change)
    .catch((error) => {
      throw errorCode(error) === UNIQUE_VIOLATION ? nameTaken(changes.name ?? '') : error
    })
  forgetAccess()
  return { project: toItem(row) }
}

/** What a deletion does not reach at once. */
const NOTES = [
  'Backups that were made before now hold its records until they expire, and a restore from one brings them back.',
  'Its keys are refused at once here, and within 5 s by other servers. What they let in until then, or what still waits on a disk, is deleted within the hour.',
]

/** Deletes a project with everything in it. @throws Problem 404, 422 where its name was not given */
export async function removeProject(
  { id, confirm }: ParsedInputOf<typeof contract.deleteProject>,
  { account }: AccountCaller,
): Promise<OutputOf<typeof contract.deleteProject>> {
  const receipt = await leader().transaction(async (tx) => {
    const found = (await queries.findProjects(tx)).find((project) => project.id === id)
    if (!found) throw new Problem(404, 'There is no such project.')
    const { name } = found
    if (confirm !== name)
      throw new Problem(422, `Type ${name} to delete it.`, {
        errors: [{ path: 'confirm', message: 'Is not the name of the project' }],
      })
    const deleted = await deleteProject(tx, id)
    await audit(tx, { actor: account.email, action: 'project.deleted', subject: name, detail: deleted })
    return { id, name, deletedAt: new Date().toISOString(), deleted, notes: NOTES }
  })
  forgetAccess()
  return receipt
}

const nameTaken = (name: string) => new Problem(409, `There is a project named ${name} already.`)

type ProjectRow = typeof projects.$inferSelect

const toJson = (row: ProjectRow) => ({ ...row, createdAt: row.createdAt.toISOString() })

/** Only an admin makes and changes projects. */
const toItem = (row: ProjectRow): contract.ProjectItem => ({ ...toJson(row), role: 'admin' })
