/** What the numbers of journeys mean, slowly and obviously: for tests only. */

export interface Sent {
  id: string
  userId: string
  /** ISO. */
  occurredAt: string
  sessionId?: string
  device?: string
  properties: { plan?: string }
  /** Of a step: which; a completion has none. */
  step?: string
  completed?: boolean
  journey?: string
  runId?: string
  /** Of an event. */
  type?: string
  pageUrl?: string
}

export interface Run {
  first: Sent
  userId: string
  started: number
  completedAt: number | null
  visits: { step: string; at: number }[]
  /** Milliseconds from the first record to the last one that counts. */
  length: number
}

const timeOf = (record: Sent) => Date.parse(record.occurredAt)

const inTime = (records: Sent[]) =>
  [...records].sort(
    (a, b) =>
      timeOf(a) - timeOf(b) ||
      Number(a.completed ?? false) - Number(b.completed ?? false) ||
      (a.id < b.id ? -1 : 1),
  )

export function groupBy<T>(items: T[], key: (item: T) => unknown): T[][] {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const name = JSON.stringify(key(item) ?? null)
    groups.set(name, [...(groups.get(name) ?? []), item])
  }
  return [...groups.values()]
}

function toRun(records: Sent[], stepOf: (record: Sent) => string): Run {
  const ordered = inTime(records)
  const first = ordered[0] as Sent
  const end = ordered.findIndex((record) => record.completed)
  const steps = end < 0 ? ordered : ordered.slice(0, end)
  const completion = ordered[end]
  const last = completion ?? (steps.at(-1) as Sent)
  const visits = steps.map((record) => ({ step: stepOf(record), at: timeOf(record) }))
  return {
    first,
    userId: first.userId,
    started: timeOf(first),
    completedAt: completion ? timeOf(completion) : null,
    visits: visits.filter((visit, index) => visit.step !== visits[index - 1]?.step),
    length: timeOf(last) - timeOf(first),
  }
}

/** Tracked runs, whenever they began. */
export const trackedRuns = (sent: Sent[]): Run[] =>
  groupBy(
    sent.filter((record) => record.journey !== undefined),
    ({ journey, userId, runId }) => [journey, userId, runId],
  ).map((records) => toRun(records, (record) => record.step as string))

/** Sessions as runs, of page views of the range alone. */
export function sessionRuns(sent: Sent[], from: string, to: string): Run[] {
  const views = sent.filter(
    (event) =>
      event.type === 'page_view' &&
      event.pageUrl !== undefined &&
      event.occurredAt >= from &&
      event.occurredAt < to,
  )
  return groupBy(views, ({ userId, sessionId }) =>
    sessionId === undefined ? [userId] : [sessionId, 'session'],
  )
    .flatMap((records) => {
      if (records[0]?.sessionId !== undefined) return [records]
      const parts: Sent[][] = []
      for (const view of inTime(records)) {
        const before = parts.at(-1)?.at(-1)
        if (before && timeOf(view) - timeOf(before) <= 30 * 60_000) parts.at(-1)?.push(view)
        else parts.push([view])
      }
      return parts
    })
    .map((records) => {
      // Who signs in meanwhile has been the one from the start.
      const userId = inTime(records).at(-1)?.userId as string
      return { ...toRun(records, (view) => view.pageUrl as string), userId }
    })
}

export interface Anchors {
  source: 'steps' | 'events'
  start?: string
  end?: string
}

interface Pass {
  run: Run
  completed: boolean
  path: string[]
  /** Of the path, with the time at which the last one was left, if it is known. */
  stays: { step: string; ms: number | null }[]
  ms: number | null
}

/** The part of a run between the anchors; nothing if it does not have them. */
function cut(run: Run, { source, start, end }: Anchors): Pass[] {
  let visits = run.visits
  if (start !== undefined) {
    const index = visits.findIndex(({ step }) => step === start)
    if (index < 0) return []
    visits = visits.slice(index)
  }
  const begun = start === undefined ? run.started : (visits[0]?.at as number)
  let over = run.completedAt
  let left = run.completedAt
  if (end !== undefined) {
    const index = visits.findIndex(({ step }) => step === end)
    if (index < 0) return []
    visits = visits.slice(0, index + 1)
    over = visits[index]?.at as number
    left = null
  }
  const stays = visits.map(({ step, at }, index) => {
    const until = visits[index + 1]?.at ?? left
    return { step, ms: until === null ? null : until - at }
  })
  const completed = source === 'steps' ? run.completedAt !== null : end !== undefined
  const path = visits.map(({ step }) => step)
  return [{ run, completed, path, stays, ms: over === null ? null : over - begun }]
}

function percentile(values: number[], share: number): number | null {
  if (values.length === 0) return null
  const sorted = [...values].sort((a, b) => a - b)
  const at = share * (sorted.length - 1)
  const low = sorted[Math.floor(at)] as number
  return low + ((sorted[Math.ceil(at)] as number) - low) * (at - Math.floor(at))
}

const known = (values: (number | null)[]) => values.filter((value) => value !== null)
const percentiles = (values: (number | null)[]) => ({
  p50: percentile(known(values), 0.5),
  p90: percentile(known(values), 0.9),
})

const rates = (passes: Pass[]) => {
  const completed = passes.filter((pass) => pass.completed).length
  return {
    started: passes.length,
    completed,
    completionRate: passes.length === 0 ? null : completed / passes.length,
  }
}

/** Most first, then by the other values as they are in the row, null last. */
function ranked<T extends object>(rows: T[], by: (row: T) => number): T[] {
  // A path comes before those that go on from its end.
  const rest = (row: T) => JSON.stringify(row).replaceAll('null', '"\u007f"').replaceAll('"]', '" ]')
  return [...rows].sort((a, b) => by(b) - by(a) || (rest(a) < rest(b) ? -1 : 1))
}

/** Every number of the analytics, but the series. */
export function measure(
  runs: Run[],
  anchors: Anchors,
  dimension: (first: Sent) => string | null,
  limit: number,
) {
  const passes = runs.flatMap((run) => cut(run, anchors))
  const visits = passes.flatMap((pass) =>
    pass.stays.map((stay, index) => ({
      ...stay,
      pass,
      place: index + 1,
      next: pass.path[index + 1] ?? null,
    })),
  )
  const steps = groupBy(visits, ({ step }) => step).map((all) => {
    const exits =
      anchors.end === undefined ? all.filter(({ next, pass }) => next === null && !pass.completed).length : 0
    return {
      name: all[0]?.step as string,
      visits: all.length,
      users: new Set(all.map(({ pass }) => pass.run.userId)).size,
      exits,
      exitRate: exits / all.length,
      timeOnStepMs: percentiles(all.map(({ ms }) => ms)),
    }
  })
  const transitions = groupBy(
    visits.filter(({ next }) => next !== null),
    ({ step, next }) => [step, next],
  ).map((all) => ({ from: all[0]?.step as string, to: all[0]?.next as string, count: all.length }))

  const nameAt = (place: number, step: string | null) => {
    if (step === null) return null
    const there = groupBy(
      visits.filter((visit) => visit.place === place),
      (visit) => visit.step,
    ).map((all) => ({ step: all[0]?.step as string, count: all.length }))
    const named = ranked(there, ({ count }) => count).slice(0, 8)
    return named.some((one) => one.step === step) ? step : 'Other'
  }
  const links = [1, 2, 3, 4, 5, 6].flatMap((position) => {
    const named = visits
      .filter(({ place }) => place === position)
      .map(({ step, next }) => ({ position, from: nameAt(position, step), to: nameAt(position + 1, next) }))
    return ranked(
      groupBy(named, (link) => link).map((all) => ({
        ...(all[0] as (typeof named)[number]),
        count: all.length,
      })),
      ({ count }) => count,
    )
  })
  const topPaths = groupBy(
    passes.filter(({ path }) => path.length > 0),
    ({ path }) => path,
  ).map((all) => ({
    path: all[0]?.path as string[],
    count: all.length,
    completionRate: rates(all).completionRate,
  }))
  const totals = (some: Pass[]) => ({
    ...rates(some),
    durationMs: percentiles(some.filter((pass) => pass.completed).map(({ ms }) => ms)),
  })
  const groups = groupBy(passes, ({ run }) => dimension(run.first)).map((all) => ({
    value: dimension((all[0] as Pass).run.first),
    ...totals(all),
  }))
  return {
    ...totals(passes),
    steps: ranked(steps, (step) => step.visits).slice(0, limit),
    transitions: ranked(transitions, ({ count }) => count).slice(0, limit),
    links,
    topPaths: ranked(topPaths, ({ count }) => count).slice(0, limit),
    breakdown: ranked(groups, ({ started }) => started).slice(0, 10),
  }
}

/** The series over intervals that begin at these times. */
export function seriesOf(runs: Run[], anchors: Anchors, starts: string[]) {
  const passes = runs.flatMap((run) => cut(run, anchors))
  return starts.map((at, index) => {
    const next = Date.parse(starts[index + 1] ?? '2100-01-01')
    return { at, ...rates(passes.filter(({ run }) => run.started >= Date.parse(at) && run.started < next)) }
  })
}
