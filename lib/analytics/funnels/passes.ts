import type { Timelines } from '@/lib/analytics/funnels/timelines'
import type { Pace } from '@/lib/pace'

/** What passes are looked for in. No event serves two steps. */
export interface Course {
  /** Of the first step the events that begin a pass. The first and the last step are not optional. */
  steps: { events: Timelines; optional: boolean }[]
  excluded: Timelines
  windowUs: number
}

/** By step, of each user who began, when the pass took it, in microseconds since 1970; `NEVER` if it did not. */
export type Passes = Float64Array[]

export const NEVER = Number.POSITIVE_INFINITY

/** Users and passes that are looked at at once. */
const PART = 16_384

/**
 * Each user's pass through a funnel from events, as `eventPasses` in db/queries describes it. Here steps have no event in
 * common: those of the same time come in the order of the steps, so that times alone tell what is next.
 *
 * @param users how many there are, numbered from 0
 */
export async function findPasses(course: Course, users: number, pace: Pace): Promise<Passes> {
  const search = new Search(course, users)
  while (search.goOn()) await pace.rest()
  return search.found()
}

/**
 * Goes through the users, and through the passes that each of them begins. A later pass takes no step earlier: therefore each
 * list of events is gone through once, by a cursor that never turns back.
 */
class Search {
  private readonly required: number[]
  private readonly lists: Timelines[]
  private readonly passes: Passes
  private entered = 0
  private user = 0
  private isOpen = false
  /** Of this user, by step that is not optional: the next event to be looked at, and where the user's end. */
  private readonly cursors: Int32Array
  private readonly ends: Int32Array
  /** The same of the exclusions, by the step that they come after. */
  private readonly barriers: Int32Array
  /** The times of the pass that is looked at, those of the one that got furthest, and how far that is. */
  private readonly taken: Float64Array
  private readonly best: Float64Array
  private level = 0
  /** How far a pass can get at the most. */
  private most = 0

  constructor(
    private readonly course: Course,
    private readonly users: number,
  ) {
    const { steps } = course
    this.required = steps.flatMap(({ optional }, step) => (optional ? [] : [step]))
    this.lists = this.required.map((step) => (steps[step] as Course['steps'][number]).events)
    this.passes = steps.map(() => new Float64Array(users))
    const { length } = this.required
    this.cursors = new Int32Array(length)
    this.ends = new Int32Array(length)
    this.barriers = new Int32Array(length)
    this.taken = new Float64Array(length)
    this.best = new Float64Array(length)
  }

  /** @returns whether there is more to look at */
  goOn(): boolean {
    for (let left = PART; left > 0 && this.user < this.users; left--) {
      if (!this.isOpen) this.open()
      left = this.tryPasses(left)
      if (!this.isOpen) this.close()
    }
    return this.user < this.users
  }

  found(): Passes {
    return this.passes.map((times) => times.subarray(0, this.entered))
  }

  private open(): void {
    const { user, lists, cursors, ends, barriers } = this
    const firstBarrier = this.course.excluded.starts[user] as number
    for (let place = 0; place < lists.length; place++) {
      const { starts } = lists[place] as Timelines
      cursors[place] = starts[user] as number
      ends[place] = starts[user + 1] as number
      barriers[place] = firstBarrier
    }
    this.level = 0
    this.most = lists.length
    this.isOpen = true
  }

  /** Tries the passes that the user begins, one after the other. @returns how many of so many are left to try */
  private tryPasses(limit: number): number {
    const { cursors, ends, taken, best } = this
    const { times } = this.lists[0] as Timelines
    const end = ends[0] as number
    let next = cursors[0] as number
    let left = limit
    for (; next < end && this.level < this.most && left > 0; next++, left--) {
      const level = this.follow(times[next] as number)
      if (level <= this.level) continue
      this.level = level
      for (let place = 0; place < level; place++) best[place] = taken[place] as number
    }
    cursors[0] = next
    this.isOpen = next < end && this.level < this.most
    return left
  }

  /** @returns how many steps that are not optional the pass from there takes */
  private follow(begin: number): number {
    const { lists, cursors, ends, taken } = this
    const last = begin + this.course.windowUs
    let at = begin
    taken[0] = begin
    for (let place = 1; place < lists.length; place++) {
      const { times } = lists[place] as Timelines
      const end = ends[place] as number
      let next = cursors[place] as number
      while (next < end && (times[next] as number) < at) next++
      cursors[place] = next
      if (next === end) {
        // None that begins later gets further.
        this.most = place
        return place
      }
      const time = times[next] as number
      if (time > last || !this.isFree(place - 1, at, time)) return place
      taken[place] = time
      at = time
    }
    return lists.length
  }

  /** Whether no exclusion lies between two times, of which the first is that of a step. */
  private isFree(place: number, after: number, before: number): boolean {
    const { starts, times } = this.course.excluded
    const end = starts[this.user + 1] as number
    let next = this.barriers[place] as number
    while (next < end && (times[next] as number) <= after) next++
    this.barriers[place] = next
    return next === end || (times[next] as number) >= before
  }

  private close(): void {
    const { required, passes, best, level, entered } = this
    if (level > 0) {
      for (let place = 0; place < required.length; place++) {
        const times = passes[required[place] as number] as Float64Array
        times[entered] = place < level ? (best[place] as number) : NEVER
      }
      if (required.length < passes.length) this.takeOptional()
      this.entered++
    }
    this.user++
  }

  private takeOptional(): void {
    const { steps, windowUs, excluded } = this.course
    const { passes, best, level, entered, user, required } = this
    for (let place = 0; place + 1 < required.length; place++) {
      const from = required[place] as number
      const to = required[place + 1] as number
      let at = place < level ? (best[place] as number) : NEVER
      let last = best[place + 1] as number
      if (place + 1 >= level) {
        // The times are whole: the first exclusion after a time is the first from the next microsecond on.
        const barrier = nextOf(excluded, user, at + 1)
        last = Math.min((best[0] as number) + windowUs, barrier)
      }
      for (let step = from + 1; step < to; step++) {
        const time = nextOf((steps[step] as Course['steps'][number]).events, user, at)
        const isTaken = time <= last && time < NEVER
        if (isTaken) at = time
        ;(passes[step] as Float64Array)[entered] = isTaken ? time : NEVER
      }
    }
  }
}

/** The time of a user's first event at or after a time. */
function nextOf({ starts, times }: Timelines, user: number, at: number): number {
  let low = starts[user] as number
  let high = starts[user + 1] as number
  const end = high
  while (low < high) {
    const middle = (low + high) >> 1
    if ((times[middle] as number) < at) low = middle + 1
    else high = middle
  }
  return low < end ? (times[low] as number) : NEVER
}
