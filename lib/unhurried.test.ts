import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { unhurried } from '@/lib/unhurried'

function spin(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

/** The rests between ten slices of 5 ms, all but the first. */
async function rests(): Promise<number> {
  const rest = unhurried()
  let sum = 0
  for (let slice = 0; slice < 10; slice++) {
    spin(5)
    const begun = performance.now()
    await rest()
    if (slice > 0) sum += performance.now() - begun
  }
  return sum
}

test('who rests does so the longer, the busier others keep the event loop', async () => {
  const alone = await rests()
  let busy = true
  const others = (async () => {
    while (busy) {
      spin(4)
      await sleep(0)
    }
  })()
  const beside = await rests()
  busy = false
  await others
  // Others use about four fifths: seven times as long as the work, where there was next to no rest.
  expect(beside).toBeGreaterThan(3 * alone)
})
