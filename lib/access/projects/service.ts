import * as queries from '@/db/queries/access/projects'
import type { projects } from '@/db/schema'
import { forgetAccess } from '@/lib/access/project-cache'
import type * as contract from '@/lib/access/projects/contract'
import { askOrRecall } from '@/lib/access/record/recall'
import { leader } from '@/lib/database'
import { errorCode } from '@/lib/http/database-problem'
import type { OutputOf, ParsedInputOf } from '@/lib/http/endpoint'
import { Problem } from '@/lib/http/problem'

const UNIQUE_VIOLATION = '23505'

/** Every project, oldest first. */
export async function findProjects(): Promise<OutputOf<typeof contract.listProjects>> {
  const items = await askOrRecall(
    async (db) => (await queries.findProjects(db)).map(toItem),
    (record) => record.projects,
  )
  return { projects: items }
}

/** Makes a project. @throws Problem 409 when the name is taken */
export async function makeProject(
  input: ParsedInputOf<typeof contract.createProject>,
): Promise<OutputOf<typeof contract.createProject>> {
  const row = await queries.insertProject(leader(), input)
  if (!row) throw nameTaken(input.name)
  forgetAccess()
  return { project: toItem(row) }
}

/** Changes what is given of a project. @throws Problem 404, or 409 when the name is taken */
export async function changeProject({
  id,
  ...changes
}: ParsedInputOf<typeof contract.updateProject>): Promise<OutputOf<typeof contract.updateProject>> {
  if (Object.keys(changes).length === 0) throw new Problem(422, 'Nothing to change was given.')
  const row = await queries.updateProject(leader(), id, changes).catch((error) => {
    throw errorCode(error) === UNIQUE_VIOLATION ? nameTaken(changes.name ?? '') : error
  })
  if (!row) throw new Problem(404, 'There is no such project.')
  forgetAccess()
  return { project: toItem(row) }
}

const nameTaken = (name: string) => new Problem(409, `There is a project named ${name} already.`)

function toItem(row: typeof projects.$inferSelect): contract.ProjectItem {
  return { ...row, createdAt: row.createdAt.toISOString() }
}
