import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { inTime, within } from '@/lib/in-time'

describe('within', () => {
  it('hands on what comes in time, and what fails', async () => {
    expect(await within(1_000, async () => 'here')).toBe('here')
    const fail = () => {
      throw new Error('refused')
    }
    await expect(within(1_000, fail)).rejects.toThrow('refused')
    expect(await inTime(1_000, fail)).toBeNull()
  })

  it('gives up what is late, and tells it so', async () => {
    let told = false
    const never = (late: AbortSignal) =>
      new Promise<never>(() =>
        late.addEventListener('abort', () => {
          told = true
        }),
      )
    const begun = performance.now()
    await expect(within(200, never)).rejects.toThrow('no answer within 200 ms')
    expect(performance.now() - begun).toBeGreaterThan(190)
    expect(told).toBe(true)
  })

  it('does not blame on others that it stood still itself', async () => {
    const other = new Worker(
      `const { parentPort } = require('node:worker_threads')
      parentPort.on('message', (asked) => parentPort.postMessage(asked))`,
      { eval: true },
    )
    const ask = async (question: number) => {
      other.postMessage(question)
      return (await once(other, 'message'))[0]
    }
    try {
      await ask(0)
      const standStill = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
      // Each is asked after the answer before it, as of a new connection.
      const asked = within(800, async () => [await ask(1), await ask(2), await ask(3)])
      standStill(2_000)
      expect(await asked).toEqual([1, 2, 3])

      const frozen = within(400, () => new Promise<never>(() => {}))
      standStill(1_000)
      await expect(frozen).rejects.toThrow('no answer within 400 ms')
    } finally {
      await other.terminate()
    }
  })
})
