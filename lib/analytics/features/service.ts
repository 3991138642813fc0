import type { Db } from '@/db/connect'
import { breakDownUses, countUsesByFeature, type Uses } from '@/db/queries/analytics/features/count-uses'
import {
  countUsesOverTime,
  listCategories,
  listErrors,
} from '@/db/queries/analytics/features/describe-features'
import { listIntervals } from '@/db/queries/analytics/intervals'
import type { RecordFilter } from '@/db/queries/analytics/record-filter'
import { countSubjects } from '@/db/queries/analytics/rollups/count-subjects'
import { readProgress } from '@/db/queries/analytics/rollups/progress'
import type { ProjectCaller } from '@/lib/access/caller'
import type * as contract from '@/lib/analytics/features/contract'
import { recordOne } from '@/lib/analytics/ingest/record'
import { askRollups } from '@/lib/analytics/parameters/ask'
import { coverageOf, recordFilter } from '@/lib/analytics/parameters/filter'
import { previousRange, type Range, resolveInterval, resolveRange } from '@/lib/analytics/parameters/range'
import { measureRetention } from '@/lib/analytics/retention/service'
import { inSnapshot } from '@/lib/database'
import type { OutputOf, ParsedInputOf } from '@/lib/http/endpoint'
import { Problem } from '@/lib/http/problem'

/** Features of the range before at the most: enough that one missing there was not used. */
const BEFORE = 1_000
/** Points of all series together at the most. */
const POINTS = 100_000

/** Records one use of a feature; answers when it is durable. */
export async function recordFeature(
  input: ParsedInputOf<typeof contract.trackFeature>,
  caller: ProjectCaller,
) {
  return recordOne(input, { kind: 'feature', ...input }, caller)
}

/**
 * Features of the range, most users first, with their errors and trend; by a dimension; and the range before.
 *
 * @throws Problem 422 when so many features by so short an interval would make over 100,000 points
 */
export async function measureFeatures(
  input: ParsedInputOf<typeof contract.getFeatureStats>,
  { project, receivedAt }: ProjectCaller,
): Promise<OutputOf<typeof contract.getFeatureStats>> {
  const range = resolveRange(input, project, receivedAt)
  const interval = resolveInterval(input.interval, range)
  const filter = recordFilter(input, project.id, range)
  const before = input.compare && previousRange(range)
  const earlier = before && { ...filter, from: before.from, to: before.to }

  return inSnapshot(async (tx) => {
    const [activeUsers, counted, groups, intervals, previousActive, previousCounted] = await Promise.all([
      countActiveUsers(tx, filter, range),
      countUsesByFeature(tx, filter, input.limit),
      input.breakdown ? breakDownUses(tx, filter, input.breakdown, input.limit) : null,
      listIntervals(tx, filter, interval, range.timezone),
      before && earlier ? countActiveUsers(tx, earlier, before) : 0,
      earlier ? countUsesByFeature(tx, earlier, BEFORE) : [],
    ])
    if (counted.length * intervals.length > POINTS) throw tooManyPoints()
    const names = counted.map(({ name }) => name)
    const [categories, errors, series] = await Promise.all([
      listCategories(tx, filter, names),
      listErrors(tx, filter, names),
      countUsesOverTime(tx, filter, names, interval, range.timezone),
    ])
    const categoryOf = new Map(categories.map(({ name, category }) => [name, category]))
    const seriesOf = new Map(series.map(({ name, series }) => [name, series]))
    const errorsOf = new Map(errors.map(({ name, errors }) => [name, errors]))
    return {
      ...coverageOf(range, receivedAt),
      interval,
      activeUsers,
      features: counted.map((feature) => ({
        ...withAdoption(feature, activeUsers),
        category: categoryOf.get(feature.name) ?? null,
        errors: errorsOf.get(feature.name) ?? [],
        series: seriesOf.get(feature.name) ?? [],
      })),
      breakdown: groups?.map((group) => withAdoption(group, activeUsers)) ?? null,
      previous: before
        ? {
            from: before.from.toISOString(),
            to: before.to.toISOString(),
            activeUsers: previousActive,
            features: previousCounted.map((feature) => withAdoption(feature, previousActive)),
          }
        : null,
    }
  })
}

/** Whether those who began to use a feature used it again. @throws Problem 422 for over 60 intervals */
export async function measureFeatureRetention(
  { feature, ...input }: ParsedInputOf<typeof contract.getFeatureRetention>,
  caller: ProjectCaller,
): Promise<OutputOf<typeof contract.getFeatureRetention>> {
  return measureRetention('feature_usage', { ...input, name: feature }, caller)
}

/** Distinct users with a record of any kind. Who is active does not depend on fields that only features have. */
async function countActiveUsers(tx: Db, filter: RecordFilter, range: Range): Promise<number> {
  const { name: _name, category: _category, action: _action, ...equal } = filter.equal
  const progress = await readProgress(tx, filter.projectId)
  const question = askRollups({ filter: { ...filter, equal }, range, progress }, ['any'])
  const [users] = await countSubjects(tx, 'user', question, {})
  return users?.count ?? 0
}

const withAdoption = <Counted extends Uses>(counted: Counted, activeUsers: number) => ({
  ...counted,
  adoptionRate: activeUsers === 0 ? null : counted.users / activeUsers,
})

const tooManyPoints = (): Problem =>
  new Problem(422, `interval: Makes over ${POINTS} points for so many features`, {
    errors: [{ path: 'interval', message: 'Take a longer one, or a lower limit' }],
  })
