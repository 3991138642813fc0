import type { Moments } from '@/db/queries/analytics/rollups/decode-moments'
import { sortLong } from '@/lib/analytics/funnels/order'
import type { Pace } from '@/lib/pace'

/** The same by user: the times of user 7, in order, are those from `starts[7]` to before `starts[8]`. */
export interface Timelines {
  starts: Int32Array
  times: Float64Array
}

/** Times are sorted until they were so many, and those of one user at once if they are no more. */
const PART = 32_768
/** Up to so many are sorted in place, which is quicker than a call. */
const SHORT = 24

/** @param users how many there are, numbered from 0 */
export async function timelinesOf(lists: Moments[], users: number, pace: Pace): Promise<Timelines> {
  // A count lies two places after its user: the sums make of it where the next user begins, filling in where it ends.
  const starts = new Int32Array(users + 2)
  for (const list of lists) {
    await pace.inParts(list.users.length, (from, to) => {
      for (let index = from; index < to; index++) {
        const place = (list.users[index] as number) + 2
        starts[place] = (starts[place] as number) + 1
      }
    })
  }
  await pace.inParts(users + 1, (from, to) => {
    for (let place = from; place < to; place++) {
      starts[place + 1] = (starts[place] as number) + (starts[place + 1] as number)
    }
  })
  const times = new Float64Array(starts[users + 1] as number)
  for (const list of lists) {
    await pace.inParts(list.users.length, (from, to) => {
      for (let index = from; index < to; index++) {
        const place = (list.users[index] as number) + 1
        const next = starts[place] as number
        times[next] = list.times[index] as number
        starts[place] = next + 1
      }
    })
  }
  const timelines = { starts, times }
  for (let user = 0; user < users; ) {
    user = sortSome(timelines, user, users)
    await pace.rest()
    if (user === users) break
    await sortLong(times, starts[user] as number, starts[user + 1] as number, pace)
    user++
  }
  return timelines
}

/** Sorts the times of users from one on. @returns the first whose times are not sorted */
function sortSome({ starts, times }: Timelines, first: number, users: number): number {
  let left = PART
  for (let user = first; user < users; user++) {
    const from = starts[user] as number
    const to = starts[user + 1] as number
    left -= to - from + 1
    if (left < 0) return user
    if (to - from <= SHORT) sortShort(times, from, to)
    else if (!isSorted(times, from, to)) times.subarray(from, to).sort()
  }
  return users
}

function sortShort(times: Float64Array, from: number, to: number): void {
  for (let index = from + 1; index < to; index++) {
    const time = times[index] as number
    let place = index
    for (; place > from && (times[place - 1] as number) > time; place--) {
      times[place] = times[place - 1] as number
    }
    times[place] = time
  }
}

function isSorted(times: Float64Array, from: number, to: number): boolean {
  for (let index = from + 1; index < to; index++) {
    if ((times[index - 1] as number) > (times[index] as number)) return false
  }
  return true
}
