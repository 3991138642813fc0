import type { Db } from '@/db/connect'
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

const nameTaken = (name: string) => new Problem(409, `There is a project named ${name} already.`)

type ProjectRow = typeof projects.$inferSelect

const toJson = (row: ProjectRow) => ({ ...row, createdAt: row.createdAt.toISOString() })

/** Only an admin makes and changes projects. */
const toItem = (row: ProjectRow): contract.ProjectItem => ({ ...toJson(row), role: 'admin' })
