import { deleteSurvey } from '@/db/queries/analytics/satisfaction/delete-survey'
import { findSurveyMaker } from '@/db/queries/analytics/satisfaction/find-survey-maker'
import { insertSurvey } from '@/db/queries/analytics/satisfaction/insert-survey'
import { listSurveys } from '@/db/queries/analytics/satisfaction/list-surveys'
import { updateSurvey } from '@/db/queries/analytics/satisfaction/update-survey'
import type { surveys } from '@/db/schema'
import type { ProjectCaller } from '@/lib/access/caller'
import { makerOf, refuseStranger, refuseViewer } from '@/lib/access/shared'
import type * as contract from '@/lib/analytics/surveys/contract'
import { dueSurveys, forgetDue } from '@/lib/analytics/surveys/due'
import { leader } from '@/lib/database'
import type { OutputOf, ParsedInputOf } from '@/lib/http/endpoint'
import { Problem } from '@/lib/http/problem'

/** Surveys of a project at the most. */
const SURVEYS = 50

/** Every survey of the project, oldest first. */
export async function findSurveys(
  _input: ParsedInputOf<typeof contract.listSurveys>,
  { project }: ProjectCaller,
): Promise<OutputOf<typeof contract.listSurveys>> {
  const rows = await listSurveys(leader(), project.id)
  return { surveys: rows.map(toItem) }
}

/** Makes a survey. @throws Problem 403 for a viewer, 422 when the project has as many as it may */
export async function makeSurvey(
  { project: _, ...survey }: ParsedInputOf<typeof contract.createSurvey>,
  caller: ProjectCaller,
): Promise<OutputOf<typeof contract.createSurvey>> {
  refuseViewer(caller)
  const { project } = caller
  const made = { ...survey, projectId: project.id, savedBy: makerOf(caller) }
  const row = await insertSurvey(leader(), made, SURVEYS)
  if (!row) throw new Problem(422, `A project has ${SURVEYS} surveys at the most. Delete one first.`)
  forgetDue(project.id)
  return { survey: toItem(row) }
}

/**
 * Changes what is given of a survey.
 *
 * @throws Problem 403 for a viewer and for another's, 404, 422 when nothing is given
 */
export async function changeSurvey(
  { project: _, id, ...changes }: ParsedInputOf<typeof contract.updateSurvey>,
  caller: ProjectCaller,
): Promise<OutputOf<typeof contract.updateSurvey>> {
  await refuseOthers(caller, id)
  const { project } = caller
  if (Object.keys(changes).length === 0) throw new Problem(422, 'Nothing to change was given.')
  const row = await updateSurvey(leader(), project.id, id, changes)
  if (!row) throw noSuchSurvey()
  forgetDue(project.id)
  return { survey: toItem(row) }
}

/** Deletes a survey; its responses stay. @throws Problem 403 for a viewer and for another's, 404 */
export async function forgetSurvey(
  { id }: ParsedInputOf<typeof contract.deleteSurvey>,
  caller: ProjectCaller,
): Promise<OutputOf<typeof contract.deleteSurvey>> {
  await refuseOthers(caller, id)
  const { project } = caller
  if (!(await deleteSurvey(leader(), project.id, id))) throw noSuchSurvey()
  forgetDue(project.id)
  return { id }
}

/** The active surveys of the key's project, for the tracker. @throws Problem 503 when nothing can tell */
export async function findDueSurveys(
  _input: ParsedInputOf<typeof contract.listDueSurveys>,
  { project }: ProjectCaller,
): Promise<OutputOf<typeof contract.listDueSurveys>> {
  return { surveys: await dueSurveys(project.id) }
}

async function refuseOthers(caller: ProjectCaller, id: string): Promise<void> {
  refuseViewer(caller)
  const found = await findSurveyMaker(leader(), caller.project.id, id)
  if (!found) throw noSuchSurvey()
  refuseStranger(caller, found.savedBy)
}

const noSuchSurvey = () => new Problem(404, 'There is no such survey.')

const toItem = ({ projectId: _, savedBy: __, ...row }: typeof surveys.$inferSelect): contract.SurveyItem => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  changedAt: row.changedAt.toISOString(),
})
