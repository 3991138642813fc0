import * as stored from '@/db/queries/analytics/metric-alerts'
import type { ProjectCaller } from '@/lib/access/caller'
import { makerOf, refuseStranger, refuseViewer } from '@/lib/access/shared'
import type * as contract from '@/lib/analytics/metric-alerts/contract'
import { definitionOf } from '@/lib/analytics/metric-alerts/definition'
import { leader } from '@/lib/database'
import type { OutputOf, ParsedInputOf } from '@/lib/http/endpoint'
import { Problem } from '@/lib/http/problem'
import { type MetricState, readMetrics } from '@/lib/recovery/alerts/metrics'

/** Metric alerts of a project at the most. */
const ALERTS = 50

/** Every metric alert of the project, oldest first, as the worker last measured it. */
export async function findMetricAlerts(
  _input: ParsedInputOf<typeof contract.listMetricAlerts>,
  { project }: ProjectCaller,
): Promise<OutputOf<typeof contract.listMetricAlerts>> {
  const rows = await stored.listMetricAlerts(leader(), project.id)
  const stateOf = readMetrics()
  return { alerts: rows.map((row) => toItem(row, stateOf(row.id))) }
}

/** Makes a metric alert. @throws Problem 403 for a viewer, 422 when the project has as many as it may */
export async function makeMetricAlert(
  { project: _, ...definition }: ParsedInputOf<typeof contract.createMetricAlert>,
  caller: ProjectCaller,
): Promise<OutputOf<typeof contract.createMetricAlert>> {
  refuseViewer(caller)
  const row = await stored.insertMetricAlert(
    leader(),
    { ...definition, projectId: caller.project.id, savedBy: makerOf(caller) },
    ALERTS,
  )
  if (!row) throw new Problem(422, `A project has ${ALERTS} metric alerts at the most. Delete one first.`)
  return { alert: toItem(row, readMetrics()(row.id)) }
}

/** Puts another definition in the place of one. @throws Problem 403 for a viewer and for another's, 404 */
export async function changeMetricAlert(
  { project: _, id, ...definition }: ParsedInputOf<typeof contract.replaceMetricAlert>,
  caller: ProjectCaller,
): Promise<OutputOf<typeof contract.replaceMetricAlert>> {
  await refuseOthers(caller, id)
  const row = await stored.replaceMetricAlert(leader(), { ...definition, id, projectId: caller.project.id })
  if (!row) throw noSuchAlert()
  return { alert: toItem(row, readMetrics()(row.id)) }
}

/** Deletes a metric alert. @throws Problem 403 for a viewer and for another's, 404 */
export async function forgetMetricAlert(
  { id }: ParsedInputOf<typeof contract.deleteMetricAlert>,
  caller: ProjectCaller,
): Promise<OutputOf<typeof contract.deleteMetricAlert>> {
  await refuseOthers(caller, id)
  if (!(await stored.deleteMetricAlert(leader(), caller.project.id, id))) throw noSuchAlert()
  return { id }
}

async function refuseOthers(caller: ProjectCaller, id: string): Promise<void> {
  refuseViewer(caller)
  const found = await stored.findMetricAlertMaker(leader(), caller.project.id, id)
  if (!found) throw noSuchAlert()
  refuseStranger(caller, found.savedBy)
}

const noSuchAlert = () => new Problem(404, 'There is no such metric alert.')

function toItem(row: stored.MetricAlertRow, { state, seen }: MetricState): contract.MetricAlert {
  const { id, active, createdAt, changedAt } = row
  const { name, metric, condition, bound, windowHours, atLeast } = definitionOf(row)
  const isSeen = active && seen !== undefined && seen.at >= changedAt.getTime()
  return {
    ...{ id, name, metric, condition, bound, windowHours, atLeast, active },
    createdAt: createdAt.toISOString(),
    changedAt: changedAt.toISOString(),
    state: wordOf(active, isSeen && seen.known, state),
    since: active && state.since > 0 ? new Date(state.since).toISOString() : null,
    value: isSeen ? seen.value : null,
    before: isSeen ? seen.before : null,
    detail: !active ? 'it is off' : isSeen ? seen.detail : 'not measured yet',
    measuredAt: isSeen ? new Date(seen.at).toISOString() : null,
  }
}

function wordOf(
  active: boolean,
  isKnown: boolean,
  { level, state }: MetricState['state'],
): contract.MetricAlert['state'] {
  if (!active) return 'off'
  if (level) return 'firing'
  if (!isKnown) return 'unknown'
  return state === 'resolved' ? 'resolved' : 'ok'
}
