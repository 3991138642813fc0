import { expect, it } from 'vitest'
import { Turns } from './turns'

const gate = () => {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, opened }
}

it('lets so many run at once, and takes turns by name among those who wait', async () => {
  const turns = new Turns({ atOnce: 2, eachWaits: 10, allWait: 100 })
  const order: string[] = []
  const first = [gate(), gate()]
  const work = (name: string, wait?: Promise<void>) =>
    turns.take(name, async () => {
      order.push(name)
      await wait
      return name
    })
  const running = first.map(({ opened }, index) => work(`first ${index}`, opened))
  const waiting = ['flood', 'flood', 'flood', 'other'].map((name) => work(name))
  expect(order).toEqual(['first 0', 'first 1'])
  for (const { open } of first) open()
  await Promise.all([...running, ...waiting])
  expect(order.slice(2).indexOf('other')).toBeLessThan(2)
  expect(order.filter((name) => name === 'flood')).toHaveLength(3)
})

it('turns away whoever has too many waiting, and goes on after a failure', async () => {
  const turns = new Turns({ atOnce: 1, eachWaits: 2, allWait: 3 })
  const { open, opened } = gate()
  const failing = turns.take('a', async () => {
    await opened
    throw new Error('no')
  })
  const waiting = [1, 2].map((value) => turns.take('a', async () => value))
  expect(await turns.take('a', async () => 3)).toBeNull()
  const other = turns.take('b', async () => 'b')
  expect(await turns.take('c', async () => 'c')).toBeNull()
  open()
  await expect(failing).rejects.toThrow('no')
  expect(await Promise.all([...waiting, other])).toEqual([1, 2, 'b'])
  expect(await turns.take('a', async () => 4)).toBe(4)
})

it('leaves places to others where a name may not have all', async () => {
  const turns = new Turns({ atOnce: 3, eachAtOnce: 2, eachWaits: 10, allWait: 100 })
  const order: string[] = []
  const gates = [gate(), gate()]
  const work = (name: string, wait?: Promise<void>) =>
    turns.take(name, async () => {
      order.push(name)
      await wait
    })
  const flood = [...gates.map(({ opened }) => work('flood', opened)), work('flood')]
  await work('other')
  await work('other')
  expect(order).toEqual(['flood', 'flood', 'other', 'other'])
  gates[0]?.open()
  await Promise.all([flood[0], flood[2]])
  gates[1]?.open()
  await Promise.all(flood)
  expect(order).toHaveLength(5)
})

it('has nobody wait who has waited enough, and keeps no place for them', async () => {
  const turns = new Turns({ atOnce: 1, eachWaits: 1, allWait: 1 })
  const { open, opened } = gate()
  const running = turns.take('a', () => opened)
  const enough = new AbortController()
  const late = turns.take(
    'a',
    async () => 'late',
    () => enough.signal,
  )
  expect(await turns.take('a', async () => 'no place')).toBeNull()
  enough.abort()
  expect(await late).toBeNull()
  const next = turns.take('a', async () => 'next')
  expect(
    await turns.take(
      'b',
      async () => 'b',
      () => AbortSignal.abort(),
    ),
  ).toBeNull()
  open()
  await running
  expect(await next).toBe('next')
})
