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
      await letOthers()
      seen.push(turns)
    }
  }
  await Promise.all([work(), work(), work()])
  over = true
  expect(new Set(seen).size).toBe(15)
})
