import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Remembered } from '@/lib/access/remembered'
import { unavailable } from '@/lib/http/problem'

/** How much later it is than it would be. */
let passed = 0
beforeEach(() => {
  passed = 0
  const now = performance.now.bind(performance)
  vi.spyOn(performance, 'now').mockImplementation(() => now() + passed)
})
afterEach(() => {
  vi.restoreAllMocks()
})

const pass = (ms: number) => {
  passed += ms
}

/** A question whose answers are given by hand. */
function question() {
  const open: { resolve(value: string): void; reject(error: Error): void }[] = []
  const ask = vi.fn(() => new Promise<string>((resolve, reject) => open.push({ resolve, reject })))
  return { ask, open }
}

/** A memory that was told `one` of `a`, just now. */
async function remembering() {
  const { ask, open } = question()
  const remembered = new Remembered(ask)
  const first = remembered.get('a')
  open[0]?.resolve('one')
  await first
  return { remembered, ask, open }
}

it('asks once for all who ask at the same time, and not again while the answer is new', async () => {
  const { ask, open } = question()
  const remembered = new Remembered(ask)
  const asked = [remembered.get('a'), remembered.get('a')]
  open[0]?.resolve('one')
  expect(await Promise.all(asked)).toEqual(['one', 'one'])
  pass(2_400)
  expect(await remembered.get('a')).toBe('one')
  expect(ask).toHaveBeenCalledTimes(1)
})

it('answers with what is known while it asks anew, and waits only when that is too old', async () => {
  const { remembered, ask, open } = await remembering()
  pass(3_000)
  expect(await remembered.get('a')).toBe('one')
  expect(ask).toHaveBeenCalledTimes(2)
  pass(3_000)
  const waits = remembered.get('a')
  expect(ask).toHaveBeenCalledTimes(2)
  open[1]?.resolve('two')
  expect(await waits).toBe('two')
})

it('does not wait long for a database that is busy, but does not use for ever what it was told long ago', async () => {
  const { remembered, open } = await remembering()
  pass(6_000)
  expect(await remembered.get('a')).toBe('one')
  pass(60_000)
  const waits = remembered.get('a')
  open[1]?.resolve('two')
  expect(await waits).toBe('two')
})

it('knows what it knew where nobody can say, and fails where it knew nothing', async () => {
  const { remembered, open } = await remembering()
  pass(600_000)
  const asked = remembered.get('a')
  open[1]?.reject(unavailable())
  expect(await asked).toBe('one')
  const other = remembered.get('b')
  open[2]?.reject(unavailable())
  await expect(other).rejects.toMatchObject({ status: 503 })
})

it('forgets what it was told before a change, also by a question that is under way', async () => {
  const { ask, open } = question()
  const remembered = new Remembered(ask)
  const before = remembered.get('a')
  remembered.forget()
  const after = remembered.get('a')
  open[1]?.resolve('new')
  open[0]?.resolve('old')
  expect([await before, await after]).toEqual(['old', 'new'])
  expect(await remembered.get('a')).toBe('new')
  remembered.expire('a')
  const asked = remembered.get('a')
  open[2]?.reject(unavailable())
  expect(await asked).toBe('new')
})

it('has no use for a vain answer that is not fresh, and gives its room away first', async () => {
  const answers: Record<string, string | null> = { a: 'one', b: 'two', c: 'three' }
  const remembered = new Remembered<string | null>(
    async (name) => answers[name] ?? null,
    (value) => value === null,
    3,
  )
  for (const name of ['a', 'nobody', 'b']) await remembered.get(name)
  expect(remembered.peek('nobody')).toBeNull()
  await remembered.get('c')
  expect(['a', 'b', 'c', 'nobody'].map((name) => remembered.peek(name))).toEqual([
    'one',
    'two',
    'three',
    undefined,
  ])
  await remembered.get('nobody')
  expect(remembered.peek('a')).toBeUndefined()
  pass(5_000)
  expect(remembered.peek('nobody')).toBeUndefined()
})
