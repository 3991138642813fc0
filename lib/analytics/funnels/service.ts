import { isTracked, listTrackedFunnels } from '@/db/queries/analytics/funnels/list-tracked'
import type { MeasureOptions } from '@/db/queries/analytics/funnels/measure-passes'
import { listRolledFunnels, measureRolledFunnel } from '@/db/queries/analytics/funnels/rolled-funnel'
import * as saved from '@/db/queries/analytics/funnels/saved-funnels'
import { measureTrackedFunnel } from '@/db/queries/analytics/funnels/tracked-funnel'
import { intervalsIn } from '@/db/queries/analytics/intervals'
import type { RecordFilter } from '@/db/queries/analytics/record-filter'
import type { ProjectCaller } from '@/lib/access/caller'
import { makerOf, refuseStranger } from '@/lib/access/shared'
import * as contract from '@/lib/analytics/funnels/contract'
import {
  checkFilters,
  parseDefinition,
  placesOf,
  stepsOf,
  windowMs,
} from '@/lib/analytics/funnels/definition'
import { countEvents, measureEvents } from '@/lib/analytics/funnels/event-funnels'
import { answerOf, ratesOf } from '@/lib/analytics/funnels/stages'
import { recordOne } from '@/lib/analytics/ingest/record'
import { askRuns } from '@/lib/analytics/parameters/ask'
import { coverageOf, recordFilter } from '@/lib/analytics/parameters/filter'
import { previousRange, type Range, resolveInterval, resolveRange } from '@/lib/analytics/parameters/range'
import { leader, readFresh, type Source, snapshotOf } from '@/lib/database'
import type { OutputOf, ParsedInputOf } from '@/lib/http/endpoint'
import { Problem } from '@/lib/http/problem'

/** Saved funnels of a project at the most. */
const FUNNELS = 200

const uncounted = { entered: null, completed: null, conversionRate: null }

/** Records that a run entered a stage; answers when it is durable. */
export async function recordStage(input: ParsedInputOf<typeof contract.trackStage>, caller: ProjectCaller) {
  return recordOne(input, { kind: 'stage', ...input }, caller)
}

/** Records that a run is complete, whether or not it was ever started. */
export async function recordFunnelCompletion(
  input: ParsedInputOf<typeof contract.completeFunnel>,
  caller: ProjectCaller,
) {
  return recordOne(input, { kind: 'stage', completed: true, ...input }, caller)
}

/** Every tracked funnel with runs in the range, and every saved one: those that most entered first. */
export async function findFunnels(
  input: ParsedInputOf<typeof contract.listFunnels>,
  { project, receivedAt }: ProjectCaller,
): Promise<OutputOf<typeof contract.listFunnels>> {
  const range = resolveRange(input, project, receivedAt)
  const filter = recordFilter(input, project.id, range)
  return readFresh(async (source) => {
    const [tracked, fromEvents] = await Promise.all([
      listTracked(source, filter, range),
      listFromEvents(source, filter),
    ])
    const funnels = [
      ...tracked.map((funnel) => ({
        name: funnel.name,
        source: 'stages' as const,
        ...ratesOf(funnel),
        definition: null,
      })),
      ...fromEvents.map((funnel) => ({
        name: funnel.name,
        source: 'events' as const,
        ...(funnel.counts ? ratesOf(funnel.counts) : uncounted),
        definition: funnel.definition,
      })),
    ]
    funnels.sort((a, b) => (b.entered ?? -1) - (a.entered ?? -1) || (a.name < b.name ? -1 : 1))
    return { ...coverageOf(range, receivedAt, source.readFrom), funnels }
  })
}

/** The names of the same, which nothing has to be counted for: those that are tracked come from rollups. */
export async function findFunnelNames(
  input: ParsedInputOf<typeof contract.listFunnelNames>,
  { project, receivedAt }: ProjectCaller,
): Promise<OutputOf<typeof contract.listFunnelNames>> {
  const range = resolveRange(input, project, receivedAt)
  return readFresh(async (source) => {
    const [tracked, fromEvents] = await Promise.all([
      listTracked(source, recordFilter(input, project.id, range), range),
      saved.listSavedFunnels(source.db, project.id),
    ])
    const funnels = [
      ...tracked.map(({ name }) => ({ name, source: 'stages' as const })),
      ...fromEvents.map(({ name }) => ({ name, source: 'events' as const })),
    ]
    funnels.sort((a, b) => (a.name < b.name ? -1 : 1))
    return { ...coverageOf(range, receivedAt, source.readFrom), funnels }
  })
}

/**
 * One funnel: the definition given, else the saved one of this name, else the tracked one.
 *
 * @throws Problem 404 when there is no such funnel, 422 when the definition is wrong
 */
export async function analyzeFunnel(
  input: ParsedInputOf<typeof contract.getFunnelAnalytics>,
  { project, receivedAt }: ProjectCaller,
): Promise<OutputOf<typeof contract.getFunnelAnalytics>> {
  const range = resolveRange(input, project, receivedAt)
  const interval = resolveInterval(input.interval, range)
  const filter = recordFilter(input, project.id, range, ['funnel', 'strict', 'window', 'definition'])
  const before = input.compare && previousRange(range)
  const { definition, answer, previous, readFrom } = await readFresh(async (source) => {
    const definition = await definitionOf(source, input, project.id)
    const measure = definition ? eventFunnel(source, input, definition) : trackedFunnel(source, input)
    const [answer, previous] = await Promise.all([
      measure(filter, { range, intervals: intervalsIn(range, interval), breakdown: input.breakdown }),
      before &&
        measure(
          { ...filter, from: before.from, to: before.to },
          { range: before, intervals: intervalsIn(before, interval) },
        ),
    ])
    if (
      !definition &&
      answer.stages.length === 0 &&
      !(await isTracked(source.db, project.id, input.funnel))
    ) {
      throw new Problem(404, 'There is no funnel of this name.')
    }
    return { definition, answer, previous, readFrom: source.readFrom }
  })
  return {
    ...coverageOf(range, receivedAt, readFrom),
    interval,
    funnel: input.funnel,
    source: definition ? 'events' : 'stages',
    definition,
    ...answer,
    breakdown: input.breakdown ? answer.breakdown : null,
    previous:
      before && previous
        ? {
            from: before.from.toISOString(),
            to: before.to.toISOString(),
            entered: previous.entered,
            completed: previous.completed,
            conversionRate: previous.conversionRate,
            stages: previous.stages,
            series: previous.series,
          }
        : null,
  }
}

/** Saves a funnel from events, in place of one of that name. @throws Problem 403 for another's, 409, 422 */
export async function keepFunnel(
  { name, definition }: ParsedInputOf<typeof contract.saveFunnel>,
  caller: ProjectCaller,
): Promise<OutputOf<typeof contract.saveFunnel>> {
  checkFilters(definition)
  const { project } = caller
  const db = leader()
  if (await isTracked(db, project.id, name)) {
    throw new Problem(409, 'Stages of a funnel of this name are tracked. Choose another name.')
  }
  const funnel = { projectId: project.id, name, definition, savedBy: makerOf(caller) }
  const mayReplace = ({ savedBy }: saved.SavedFunnel) => refuseStranger(caller, savedBy)
  if (!(await saved.storeFunnel(db, funnel, FUNNELS, mayReplace))) {
    throw new Problem(422, `A project has ${FUNNELS} saved funnels at the most. Delete one first.`)
  }
  return { name, definition }
}

/** Deletes a saved funnel. @throws Problem 403 for another's, 404 */
export async function forgetFunnel(
  { funnel }: ParsedInputOf<typeof contract.deleteFunnel>,
  caller: ProjectCaller,
): Promise<OutputOf<typeof contract.deleteFunnel>> {
  const mayDelete = ({ savedBy }: saved.SavedFunnel) => refuseStranger(caller, savedBy)
  if (!(await saved.deleteFunnel(leader(), caller.project.id, funnel, mayDelete))) {
    throw new Problem(404, 'There is no saved funnel of this name.')
  }
  return { name: funnel }
}

type Input = ParsedInputOf<typeof contract.getFunnelAnalytics>

async function definitionOf({ db }: Source, { definition, funnel }: Input, projectId: string) {
  if (definition !== undefined) return parseDefinition(definition)
  const stored = await saved.findSavedFunnel(db, projectId, funnel)
  return stored ? contract.funnelDefinition.parse(stored) : null
}

const eventFunnel =
  (source: Source, { window }: Input, definition: contract.FunnelDefinition) =>
  async (filter: RecordFilter, options: MeasureOptions) =>
    answerOf(placesOf(definition), await measureEvents(source, stepsOf(definition, window), filter, options))

const trackedFunnel =
  (source: Source, { funnel, strict, window }: Input) =>
  async (filter: RecordFilter, options: MeasureOptions & { range: Range }) => {
    const { range, intervals, breakdown } = options
    const measure = await snapshotOf(source, async (tx) => {
      const named = { ...filter, equal: { ...filter.equal, name: funnel } }
      const plain = strict === 'true' && window === undefined
      const question =
        plain &&
        (await askRuns(
          tx,
          'funnel',
          { filter: named, range },
          { by: breakdown ? [breakdown] : [], interval: intervals.name },
        ))
      const rolled = question && (await measureRolledFunnel(tx, question, options))
      return (
        rolled ||
        measureTrackedFunnel(tx, funnel, filter, {
          ...options,
          strict: strict === 'true',
          windowMs: window === undefined ? undefined : windowMs(window),
        })
      )
    })
    return answerOf(
      measure.names.map((stage) => ({ ...stage, optional: false })),
      measure,
    )
  }

/** Every tracked funnel with runs in the range. */
const listTracked = (source: Source, filter: RecordFilter, range: Range) =>
  snapshotOf(source, async (tx) => {
    const question = await askRuns(tx, 'funnel', { filter, range })
    return (question && (await listRolledFunnels(tx, question))) ?? listTrackedFunnels(tx, filter)
  })

/** Every saved funnel, counted as far as there is time. */
async function listFromEvents(source: Source, filter: RecordFilter) {
  const funnels = (await saved.listSavedFunnels(source.db, filter.projectId)).map(({ name, definition }) => ({
    name,
    definition: contract.funnelDefinition.parse(definition),
  }))
  const counts = await countEvents(
    source,
    funnels.map(({ definition }) => stepsOf(definition)),
    filter,
  )
  return funnels.map((funnel, index) => ({ ...funnel, counts: counts[index] }))
}
