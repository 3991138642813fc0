import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { letOthers, paceOf } from '@/lib/pace'

/** That long work lets the event loop turn. */

const busy = (ms: number) => {
  const end = performance.now() + ms
  while (performance.now() < end);
}

it('pauses when a slice was long enough, and works through all', async () => {
  let pauses = 0
  const pace = paceOf(async () => void pauses++)
  const worked = new Uint8Array(100_000)
  await pace.inParts(worked.length, (from, to) => {
    busy(6)
    worked.fill(1, from, to)
  })
  expect(worked.every((one) => one === 1)).toBe(true)
  // Thirteen parts of 6 ms: two make a slice, or one that took longer.
  expect(pauses).toBeGreaterThanOrEqual(6)
  expect(pauses).toBeLessThanOrEqual(13)
})

it('lets the event loop turn between the slices of several works', async () => {
  let turns = 0
  let over = false
  const turn = () => {
    turns++
    if (!over) setImmediate(turn)
  }
  setImmediate(turn)
  const seen: number[] = []
  const work = async () => {
    for (let slice = 0; slice < 5; slice++) {
      await letOthers(0)
      seen.push(turns)
    }
  }
  await Promise.all([work(), work(), work()])
  over = true
  expect(new Set(seen).size).toBe(15)
})

it('rests the longer, the busier others keep the event loop', async () => {
  const rests = async () => {
    let sum = 0
    for (let slice = 0; slice < 15; slice++) {
      busy(5)
      const begun = performance.now()
      await letOthers(5)
      // The first tell how busy it is.
      if (slice >= 5) sum += performance.now() - begun
    }
    return sum
  }
  await letOthers(0)
  const alone = await rests()
  let going = true
  const others = (async () => {
    while (going) {
      busy(4)
      await sleep(0)
    }
  })()
  const beside = await rests()
  going = false
  await others
  // Others use about four fifths: twelve times as long as the work, where there was next to no rest.
  expect(beside).toBeGreaterThan(3 * alone)
})
