import type { Moments } from '@/db/queries/analytics/rollups/decode-moments'
import type { Pace } from '@/lib/pace'

/**
 * Numbers users anew in their lists, from 0 without a gap: a project may have millions of whom the lists name a few.
 *
 * @param ordinals one more than the greatest number at the most
 * @returns how many users there are
 */
export async function numberUsers(lists: Moments[], ordinals: number, pace: Pace): Promise<number> {
  const words = (ordinals >> 5) + 1
  const seen = new Uint32Array(words)
  for (const { users } of lists) {
    await pace.inParts(users.length, (from, to) => {
      for (let index = from; index < to; index++) {
        const user = users[index] as number
        seen[user >> 5] = (seen[user >> 5] as number) | (1 << (user & 31))
      }
    })
  }
  const before = new Int32Array(words)
  let count = 0
  await pace.inParts(words, (from, to) => {
    for (let word = from; word < to; word++) {
      before[word] = count
      count += bitCount(seen[word] as number)
    }
  })
  for (const { users } of lists) {
    await pace.inParts(users.length, (from, to) => {
      for (let index = from; index < to; index++) {
        const user = users[index] as number
        const lower = (seen[user >> 5] as number) & ((1 << (user & 31)) - 1)
        users[index] = (before[user >> 5] as number) + bitCount(lower)
      }
    })
  }
  return count
}

/** How many bits of a number of 32 are set. */
function bitCount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
