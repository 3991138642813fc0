import type { UseCounts, Uses } from '@/db/queries/analytics/features/count-uses'
import { intervalsIn } from '@/db/queries/analytics/intervals'
import { countSubjects } from '@/db/queries/analytics/rollups/count-subjects'
import { allowMemory } from '@/db/queries/analytics/rollups/measure-durations'
import { readProgress } from '@/db/queries/analytics/rollups/progress'
import type { ProjectCaller } from '@/lib/access/caller'
import type * as contract from '@/lib/analytics/features/contract'
import {
  type Features,
  type Measured,
  type MeasuredUses,
  measureCategories,
  measureErrors,
  measureSeries,
  measureUses,
} from '@/lib/analytics/features/measure'
import { recordOne } from '@/lib/analytics/ingest/record'
import { askRollups } from '@/lib/analytics/parameters/ask'
import { coverageOf, recordFilter } from '@/lib/analytics/parameters/filter'
import { previousRange, type Range, resolveInterval, resolveRange } from '@/lib/analytics/parameters/range'
import { ratio } from '@/lib/analytics/parameters/ratio'
import { UNMEASURED, withRest } from '@/lib/analytics/parameters/rest'
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
  const intervals = intervalsIn(range, interval)
  const before = input.compare && previousRange(range)

  return inSnapshot(async (tx, readFrom) => {
    const [progress] = await Promise.all([readProgress(tx, project.id), allowMemory(tx)])
    const of = (range: Range): Features => ({
      tx,
      filter: recordFilter(input, project.id, range),
      range,
      progress,
    })
    const now = of(range)
    const [activeUsers, { rows: counted }, groups, previous] = await Promise.all([
      countActiveUsers(now),
      measureUses(now, 'name', input.limit),
      input.breakdown ? measureUses(now, input.breakdown, input.limit) : null,
      before ? measureBefore(of(before)) : null,
    ])
    if (counted.length * intervals.starts.length > POINTS) throw tooManyPoints()
    const names = counted.map(({ value }) => value ?? '')
    const [categoryOf, errorsOf, seriesOf] = await Promise.all([
      measureCategories(now, counted),
      measureErrors(now, names),
      measureSeries(now, names, intervals),
    ])
    return {
      ...coverageOf(range, receivedAt, readFrom),
      interval,
      activeUsers,
      features: counted.map((feature) => {
        const name = feature.value ?? ''
        return {
          ...named(feature, activeUsers),
          category: categoryOf.get(name) ?? null,
          errors: errorsOf.get(name) ?? [],
          series: seriesOf.get(name) ?? [],
        }
      }),
      breakdown: groups && breakdownOf(groups, activeUsers),
      previous,
    }
  })
}

async function measureBefore(features: Features) {
  const [activeUsers, { rows }] = await Promise.all([
    countActiveUsers(features),
    measureUses(features, 'name', BEFORE),
  ])
  const { from, to } = features.range
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    activeUsers,
    features: rows.map((feature) => named(feature, activeUsers)),
  }
}

/** Whether those who began to use a feature used it again. @throws Problem 422 for over 60 intervals */
export async function measureFeatureRetention(
  { feature, ...input }: ParsedInputOf<typeof contract.getFeatureRetention>,
  caller: ProjectCaller,
): Promise<OutputOf<typeof contract.getFeatureRetention>> {
  return measureRetention('feature_usage', { ...input, name: feature }, caller)
}

/** Distinct users with a record of any kind. Who is active does not depend on fields that only features have. */
async function countActiveUsers({ tx, filter, ...asked }: Features): Promise<number> {
  const { name: _name, category: _category, action: _action, ...equal } = filter.equal
  const question = askRollups({ filter: { ...filter, equal }, ...asked }, ['any'])
  const [users] = await countSubjects(tx, 'user', question, {})
  return users?.count ?? 0
}

const named = ({ value, ...uses }: Measured, activeUsers: number) => ({
  name: value ?? '',
  ...measuresOf(uses, activeUsers),
})

/** The rows of a breakdown, with one for the rest. */
const breakdownOf = ({ rows, left }: MeasuredUses, activeUsers: number) =>
  withRest(
    rows.map(({ value, ...uses }) => ({ value, ...measuresOf(uses, activeUsers) })),
    left,
    (left) => measuresOf({ ...left, users: null, durationMs: UNMEASURED }, activeUsers),
  )

/** What an answer says of uses. @param uses without users, who cannot be told from counts, without adoption */
function measuresOf<Users extends number | null>(
  uses: UseCounts & { users: Users; durationMs: Uses['durationMs'] },
  activeUsers: number,
) {
  const { opened, used, completed, successes, failures, users, durationMs } = uses
  return {
    opened,
    used,
    completed,
    users,
    adoptionRate: users === null ? null : ratio(users, activeUsers),
    successRate: ratio(successes, successes + failures),
    durationMs,
  }
}

const tooManyPoints = (): Problem =>
  new Problem(422, `interval: Makes over ${POINTS} points for so many features`, {
    errors: [{ path: 'interval', message: 'Take a longer one, or a lower limit' }],
  })
