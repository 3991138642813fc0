import type { RecordFilter } from '@/db/queries/analytics/record-filter'
import { MOMENT_SHIFT } from '@/db/schema'

/** Users by number and microseconds since 1970, in any order. */
export interface Moments {
  users: Int32Array
  times: Float64Array
}

/** Some moments of a day: `array_send` of them. */
export interface Part extends Record<string, unknown> {
  /** When it begins, in microseconds since 1970. */
  day: number
  moments: Buffer
}

/** Bytes before the first number of an array, and of each number: its length, and itself. */
const HEADER = 20
const ITEM = 12
/** Of the upper half of a number, the bits that are microseconds. */
const UPPER_BITS = MOMENT_SHIFT - 32

/** How many moments a part holds. */
export const countIn = ({ moments }: Part): number => Math.max(0, (moments.length - HEADER) / ITEM)

/** The moments of some parts that lie in the range. */
export function decode(parts: Part[], { from, to }: Pick<RecordFilter, 'from' | 'to'>): Moments {
  const count = parts.reduce((sum, part) => sum + countIn(part), 0)
  const users = new Int32Array(count)
  const times = new Float64Array(count)
  const [begin, end] = [from.getTime() * 1_000, to.getTime() * 1_000]
  let length = 0
  for (const { day, moments } of parts) {
    const view = new DataView(moments.buffer, moments.byteOffset, moments.length)
    for (let place = HEADER + 4; place < moments.length; place += ITEM) {
      const upper = view.getUint32(place)
      const time = day + (upper & (2 ** UPPER_BITS - 1)) * 2 ** 32 + view.getUint32(place + 4)
      if (time < begin || time >= end) continue
      users[length] = upper >>> UPPER_BITS
      times[length++] = time
    }
  }
  return { users: users.subarray(0, length), times: times.subarray(0, length) }
}
