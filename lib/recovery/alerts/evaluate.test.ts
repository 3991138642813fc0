import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seed } from '@/scripts/test/random-sets'
import type { Level, Thresholds } from './contract'
import { evaluate, newState, type RuleState } from './evaluate'

/** A look at a value: some seconds after the one before; null is one that failed. */
type Look = { after: number; value: number | null }
type Side = 'above' | 'below'

const START = 1_800_000_000_000
const GAP_S = 30

const looks = fc.array(
  fc.record({
    after: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 1, max: 6 }) },
      fc.integer({ min: 20, max: 60 }),
    ),
    value: fc.option(fc.integer({ min: 0, max: 100 }), { freq: 6, nil: null }),
  }),
  { maxLength: 80 },
)
const limit = fc.option(fc.integer({ min: 1, max: 100 }), { freq: 5, nil: null })
const wait = fc.integer({ min: 0, max: 20 })
const thresholds = fc.record({ warn: limit, critical: limit, holdSeconds: wait, clearSeconds: wait })
const side = fc.constantFrom<Side>('above', 'below')

/** Every state on the way, and when, in seconds. */
function run(all: Look[], limits: Thresholds, bad: Side): { at: number; state: RuleState }[] {
  let at = 0
  let state = newState(START)
  return all.map(({ after, value }) => {
    at += after
    state = evaluate(state, { value, detail: '' }, limits, bad, START + at * 1000)
    return { at, state }
  })
}

/** The same, slow and obvious: looks back from every observation at those that said the contrary, without a gap. */
function litByHand(all: Look[], threshold: number | null, limits: Thresholds, bad: Side): boolean[] {
  const isBad = (value: number) =>
    threshold !== null && (bad === 'above' ? value >= threshold : value < threshold)
  const times = all.map((_, index) => all.slice(0, index + 1).reduce((sum, { after }) => sum + after, 0))
  let lit = false
  let turnedAt = -1
  return all.map(({ value }, index) => {
    if (value === null) return lit
    let first: number | undefined
    for (let back = index, next = index; back > turnedAt; back--) {
      const seen = all[back]?.value
      if (seen === null || seen === undefined) continue
      if (isBad(seen) === lit || (times[next] ?? 0) - (times[back] ?? 0) > GAP_S) break
      first = back
      next = back
    }
    const needed = lit ? limits.clearSeconds : limits.holdSeconds
    if (first !== undefined && (times[index] ?? 0) - (times[first] ?? 0) >= needed) {
      lit = !lit
      turnedAt = index
    }
    return lit
  })
}

const levels = (all: Look[], limits: Thresholds, bad: Side) =>
  run(all, limits, bad).map(({ state }) => state.level)

/** Looks every 2 s for so many seconds at a value that stays. */
const steady = (value: number, seconds: number): Look[] =>
  Array.from({ length: Math.ceil(seconds / 2) + 1 }, () => ({ after: 2, value }))

describe('evaluate', () => {
  it('is what a look back at every observation says', () => {
    fc.assert(
      fc.property(looks, thresholds, side, (all, limits, bad) => {
        const warned = litByHand(all, limits.warn, limits, bad)
        const critical = litByHand(all, limits.critical, limits, bad)
        const expected = all.map((_, at): Level | null =>
          critical[at] ? 'critical' : warned[at] ? 'warning' : null,
        )
        expect(levels(all, limits, bad)).toEqual(expected)
      }),
      { seed },
    )
  })

  it('never flaps: between firing and resolving its times have passed', () => {
    fc.assert(
      fc.property(looks, thresholds, side, (all, limits, bad) => {
        let before: { at: number; level: Level | null } = { at: Number.NEGATIVE_INFINITY, level: null }
        for (const { at, state } of run(all, limits, bad)) {
          if ((state.level === null) === (before.level === null)) continue
          expect(at - before.at).toBeGreaterThanOrEqual(
            state.level ? limits.holdSeconds : limits.clearSeconds,
          )
          before = { at, level: state.level }
        }
      }),
      { seed },
    )
  })

  it('never misses what stays bad, nor what stays well, whatever was before', () => {
    fc.assert(
      fc.property(looks, wait, wait, (all, holdSeconds, clearSeconds) => {
        const limits = { warn: 40, critical: 70, holdSeconds, clearSeconds }
        const ends = (value: number, seconds: number) =>
          levels([...all, ...steady(value, seconds + 2)], limits, 'above').at(-1)
        expect(ends(100, holdSeconds)).toBe('critical')
        expect(ends(0, clearSeconds)).toBeNull()
        expect(ends(50, Math.max(holdSeconds, clearSeconds))).toBe('warning')
      }),
      { seed },
    )
  })

  it('keeps everything while nothing is known, and does not count that time for long', () => {
    const limits = { warn: null, critical: 1, holdSeconds: 10, clearSeconds: 10 }
    const unknown = (after: number): Look => ({ after, value: null })
    expect(levels([...steady(1, 10), unknown(600)], limits, 'above').at(-1)).toBe('critical')
    expect(levels([...steady(1, 4), unknown(4), ...steady(1, 2)], limits, 'above').at(-1)).toBe('critical')
    expect(levels([...steady(1, 4), unknown(600), ...steady(1, 2)], limits, 'above').at(-1)).toBeNull()
  })

  it('says pending, firing, resolved, and after a while ok; what does not apply is well', () => {
    const limits = { warn: 1, critical: null, holdSeconds: 4, clearSeconds: 4 }
    const all = [...steady(0, 0), ...steady(1, 4), ...steady(0, 4), ...steady(0, 16 * 60)]
    const states = run(all, limits, 'above').map(({ state }) => state.state)
    expect([...new Set(states)]).toEqual(['ok', 'pending', 'firing', 'resolved'])
    expect(states.at(-1)).toBe('ok')

    const fires = run(steady(1, 6), limits, 'above').at(-1)?.state as RuleState
    const gone = { value: null, detail: '', applies: false } as const
    const first = evaluate(fires, gone, limits, 'above', (fires.seenAt ?? 0) + 2000)
    const later = evaluate(first, gone, limits, 'above', (fires.seenAt ?? 0) + 6000)
    expect([first.state, later.state]).toEqual(['firing', 'resolved'])
  })
})
